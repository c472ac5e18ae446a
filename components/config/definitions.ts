import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";
import { z } from "zod";

import type { Fault } from "../shared/faults.ts";
import type { CustomResourceDefinitionManifest } from "./settings.ts";

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

const key = "provenet:definitionsDirectory";
const remedy = '"npm run up" prepares it, "npm run doctor" says from where';

/**
 * Checks the text of a file of CustomResourceDefinitions, one YAML document each.
 *
 * @returns the definitions, or every fault with the number of its document, counted from 1.
 */
export function parseDefinitions(
  file: string,
  text: string,
): { definitions: CustomResourceDefinitionManifest[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const documents = parseAllDocuments(text);
  const definitions = ("empty" in documents ? [] : documents).flatMap((document, index) => {
    const where = `${file}, document ${index + 1}`;
    const [broken] = document.errors;
    if (broken) {
      faults.push({
        propertyPath: key,
        reason: `${where} is not YAML: ${firstLine(broken.message)}; ${remedy}`,
      });
      return [];
    }
    const value: unknown = document.toJS();
    if (value === null) return []; // a separator with nothing after it
    const result = manifest.safeParse(value);
    if (!result.success) {
      const [issue] = result.error.issues;
      faults.push({
        propertyPath: key,
        reason: `${where} is no CustomResourceDefinition (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}); ${remedy}`,
      });
      return [];
    }
    const { apiVersion, kind, metadata, spec } = result.data;
    if (metadata.name !== `${spec.names.plural}.${spec.group}`) {
      faults.push({
        propertyPath: key,
        reason: `${where} is named "${metadata.name}" and defines ${spec.names.plural}.${spec.group}; ${remedy}`,
      });
      return [];
    }
    const { name, labels, annotations } = metadata;
    return [
      {
        apiVersion,
        kind,
        metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
        spec,
      },
    ];
  });
  if (definitions.length === 0 && faults.length === 0) {
    faults.push({
      propertyPath: key,
      reason: `${file} holds no CustomResourceDefinition; ${remedy}`,
    });
  }
  return { definitions, faults };
}

/** Reads `<name>.yaml` in the directory; a file that is missing is one fault. */
export function readDefinitions(
  directory: string,
  name: string,
): ReturnType<typeof parseDefinitions> {
  const file = join(directory, `${name}.yaml`);
  try {
    return parseDefinitions(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = `${file} cannot be read (${String(error.code)}); ${remedy}`;
    return { definitions: [], faults: [{ propertyPath: key, reason }] };
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/:$/, "");
}
