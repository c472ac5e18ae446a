import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";
import { z } from "zod";

import type { Fault } from "../../messages/faults.ts";
import type { CrdManifest } from "../kubernetes/crds.ts";

const names = z.record(z.string(), z.string()).optional();

const manifest = z.object({
  apiVersion: z.literal("apiextensions.k8s.io/v1"),
  kind: z.literal("CustomResourceDefinition"),
  metadata: z.object({ name: z.string().min(1), labels: names, annotations: names }),
  spec: z.looseObject({
    group: z.string().min(1),
    names: z.looseObject({ plural: z.string().min(1) }),
  }),
});

const key = "provenet:network.crdsDirectory";
const remedy = "run `npm run up`, which writes it";

/** One document of a file: its value, or why it cannot be read. */
type Document = { readonly value: unknown } | { readonly broken: string };

/**
 * The documents of a YAML file. JSON parses thirty times faster than YAML, so a file whose documents
 * are all JSON objects is read as JSON.
 */
function documentsIn(text: string): Document[] {
  const parts = text.split(/^---[ \t]*$/m).map((part) => part.trim());
  const filled = parts.filter((part) => part !== "");
  if (filled.length > 0 && filled.every((part) => part.startsWith("{"))) {
    try {
      return filled.map((part): Document => ({ value: JSON.parse(part) as unknown }));
    } catch {
      // A YAML flow mapping starts with a brace too.
    }
  }
  const documents = parseAllDocuments(text);
  return ("empty" in documents ? [] : documents).map((document) => {
    const [error] = document.errors;
    return error ? { broken: firstLine(error.message) } : { value: document.toJS() as unknown };
  });
}

/**
 * The CRDs in the text of a file, one YAML document each.
 *
 * @returns the CRDs, and every fault with the number of its document, counted from 1.
 */
export function parseCrds(file: string, text: string): { crds: CrdManifest[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const crds: CrdManifest[] = [];
  for (const [index, document] of documentsIn(text).entries()) {
    if ("value" in document && document.value === null) continue; // a separator and nothing after it
    const checked =
      "broken" in document ? `is not YAML: ${document.broken}` : check(document.value);
    if (typeof checked === "string") {
      const reason = `${file}, document ${index + 1} ${checked}; ${remedy}`;
      faults.push({ propertyPath: key, reason });
    } else {
      crds.push(checked);
    }
  }
  if (crds.length === 0 && faults.length === 0) {
    const reason = `${file} holds no CustomResourceDefinition; ${remedy}`;
    faults.push({ propertyPath: key, reason });
  }
  return { crds, faults };
}

/** A document as a CRD, or what is wrong with it. */
function check(value: unknown): CrdManifest | string {
  const result = manifest.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return `is not a CustomResourceDefinition (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""})`;
  }
  const { apiVersion, kind, metadata, spec } = result.data;
  const { name, labels, annotations } = metadata;
  const defined = `${spec.names.plural}.${spec.group}`;
  if (name !== defined) return `is named "${name}" but defines ${defined}`;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec,
  };
}

/** Reads `<name>.yaml` in the directory. A missing file is one fault. */
export function readCrds(directory: string, name: string): ReturnType<typeof parseCrds> {
  const file = join(directory, `${name}.yaml`);
  try {
    return parseCrds(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = `${file} cannot be read (${String(error.code)}); ${remedy}`;
    return { crds: [], faults: [{ propertyPath: key, reason }] };
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/:$/, "");
}
