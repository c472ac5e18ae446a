import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { type Fault, describeFaults, faultsOfZod } from "../../messages/faults.ts";
import { type Settings, assembleSettings } from "./assemble.ts";
import type { ReadableValues } from "./checks/placed.ts";
import { readCrds } from "./crds.ts";
import { faultsBetweenKeys } from "./crossChecks.ts";
import { type Machine, readMachine } from "./machine.ts";
import { readableParts } from "./readable.ts";
import { type Key, type Values, cloudSchemas, schemas } from "./schema/schemas.ts";

export type { Settings } from "./assemble.ts";

/** Reads one file of CRDs. */
export type CrdReader = typeof readCrds;

/**
 * The settings of the current stack.
 *
 * @throws pulumi.RunError with every fault at once, each with its key, its value and an example.
 */
export function readSettings(): Settings {
  const { settings, faults } = parseSettings(configuredValues(), readMachine(), readCrds);
  if (settings !== undefined) return settings;
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  throw new pulumi.RunError(
    `${count} in the configuration of stack "${pulumi.getStack()}" (${file}):\n${describeFaults(faults)}\n` +
      `Fix: edit ${file}; docs/configuration.md describes each key.`,
  );
}

/** The stack's values below `provenet:`. Pulumi passes objects and lists as JSON. */
function configuredValues(): Record<string, unknown> {
  const config = new pulumi.Config();
  const prefix = `${config.name}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  return Object.fromEntries(
    keys.map((key) => {
      const name = key.slice(prefix.length);
      const text = config.get(name) ?? "";
      return [name, /^\s*[[{]/.test(text) ? parsedOrAsIs(text) : text];
    }),
  );
}

function parsedOrAsIs(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Parses plain values, without Pulumi.
 *
 * @returns the settings, or every fault. Checks between keys run on all parts that are readable.
 */
export function parseSettings(
  values: Readonly<Record<string, unknown>>,
  machine: Machine,
  reader: CrdReader,
):
  | { readonly settings: Settings; readonly faults: readonly [] }
  | { readonly settings?: undefined; readonly faults: readonly Fault[] } {
  const { parsed, readable, faults } = parseKeys(values);
  // A router on this machine does not lead to a cloud.
  if (parsed.client && readable.cluster?.kind !== "gke") {
    parsed.client = { router: parsed.client.router ?? machine.router };
    readable.client = parsed.client;
  }
  faults.push(...faultsBetweenKeys(readable, machine));

  const directory = readable.network?.crdsDirectory ?? machine.crdsDirectory ?? ".provenet/crds";
  const read = (file: string, isNeeded: boolean) => {
    if (!isNeeded) return [];
    const result = reader(directory, file);
    faults.push(...result.faults);
    return result.crds;
  };
  const crds = {
    calico: read("calico", installsCalico(readable.cluster)),
    metalLb: read("metallb", readable.cluster !== undefined && readable.cluster.kind !== "gke"),
  };
  if (faults.length > 0 || !isComplete(parsed)) return { faults };
  return { settings: assembleSettings(parsed, machine, crds), faults: [] };
}

/** Parses each key on its own. A key with a fault is only in the readable values. */
function parseKeys(values: Readonly<Record<string, unknown>>) {
  const faults: Fault[] = [];
  const parsed: Partial<Values> = {};
  const readable: ReadableValues = {};
  const kind = readableParts(schemas.cluster, values.cluster)?.kind;
  const forms = kind === "gke" ? cloudSchemas : schemas;
  for (const key of Object.keys(schemas) as Key[]) {
    const result = forms[key].safeParse(values[key]);
    if (result.success) Object.assign(parsed, { [key]: result.data });
    else faults.push(...faultsOfZod(result.error, values[key], `provenet:${key}`));
    Object.assign(readable, { [key]: readableParts<z.ZodType>(forms[key], values[key]) });
  }
  for (const key of Object.keys(values)) {
    if (Object.hasOwn(schemas, key)) continue;
    const reason = `is no key of this project; write one of ${Object.keys(schemas).join(", ")}`;
    faults.push({ propertyPath: `provenet:${key}`, reason });
  }
  // The client has one key: whether it is unset is unknown while it is unreadable.
  if (parsed.client === undefined) delete readable.client;
  return { parsed, readable, faults };
}

/** GKE brings Calico and load balancers. */
function installsCalico(cluster: ReadableValues["cluster"]): boolean {
  if (cluster?.kind === "existing") return cluster.installCalico ?? false;
  return cluster?.kind === "minikube";
}

function isComplete(parsed: Partial<Values>): parsed is Values {
  return Object.keys(schemas).every((key) => key in parsed);
}
