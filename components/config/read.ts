import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { contains, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { type Fault, describeFaults, faultsOfZod } from "../../messages/faults.ts";
import { readDefinitions } from "./crds.ts";
import { faultsInImages, selectImages } from "./images.ts";
import { faultsInNetworks } from "./crossChecks.ts";
import { type Key, type Parsed, schemas } from "./schema.ts";
import type { ClusterSettings, Definitions, Settings } from "./settings.ts";

/** Reads the definition files of one name; a parameter so that tests need no files. */
export type DefinitionReader = typeof readDefinitions;

/**
 * The stack's configuration as one checked value.
 *
 * @throws pulumi.RunError with every fault at once, each with its key, what it got and an example.
 */
export function readSettings(reader: DefinitionReader = readDefinitions): Settings {
  const { settings, faults } = parseSettings(configuredValues(), reader);
  if (settings !== undefined) return settings;
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  throw new pulumi.RunError(
    `${count} in the configuration of stack "${pulumi.getStack()}" (Pulumi.${pulumi.getStack()}.yaml):\n${describeFaults(faults)}`,
  );
}

/** What the stack sets below `provenet:`; JSON where it is no plain text, as Pulumi passes it. */
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
 * Checks plain values, without Pulumi.
 *
 * @returns the settings, or every fault that could be found: checks across keys run on those keys
 * that are readable by themselves.
 */
export function parseSettings(
  values: Readonly<Record<string, unknown>>,
  reader: DefinitionReader,
):
  | { readonly settings: Settings; readonly faults: readonly [] }
  | { readonly settings?: undefined; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const parsed: Partial<Parsed> = {};
  for (const key of Object.keys(schemas) as Key[]) parseKey(key, values[key], parsed, faults);
  for (const key of Object.keys(values)) {
    if (key in schemas) continue;
    faults.push({
      propertyPath: `provenet:${key}`,
      reason: `is no key of this project; write one of ${Object.keys(schemas).join(", ")}`,
    });
  }
  faults.push(...faultsInNetworks(parsed), ...faultsInImages(parsed.images ?? {}));

  const definitions = neededDefinitions(parsed, reader, faults);
  if (faults.length > 0 || !isComplete(parsed)) return { faults };
  const { cluster, imageSource, architecture, images, pools, ingress, web, routes, router } =
    parsed;
  return {
    settings: {
      cluster,
      images: selectImages(imageSource, architecture, images),
      definitions,
      pools,
      ingress,
      web,
      routes: routes.map((route) => ({
        ...route,
        name: `route-${route.on}-${route.to}`.replaceAll(/[^\w.]+/g, "-"),
        throughNode: contains(parseNetwork(cluster.nodeNetwork), parseAddress(route.via)),
      })),
      ...(router !== "" && { router }),
    },
    faults: [],
  };
}

/** Reads what the network stage will install; GKE brings Calico and load balancers by itself. */
function neededDefinitions(
  { cluster, definitionsDirectory }: Partial<Parsed>,
  reader: DefinitionReader,
  faults: Fault[],
): Definitions {
  const read = (name: string, needed: (settings: ClusterSettings) => boolean) => {
    if (!cluster || definitionsDirectory === undefined || !needed(cluster)) return [];
    const result = reader(definitionsDirectory, name);
    faults.push(...result.faults);
    return result.definitions;
  };
  return {
    calico: read(
      "calico",
      (settings) =>
        settings.kind === "minikube" || (settings.kind === "existing" && settings.installCalico),
    ),
    metallb: read("metallb", (settings) => settings.kind !== "gke"),
  };
}

function parseKey(key: Key, value: unknown, parsed: Partial<Parsed>, faults: Fault[]): void {
  const schema: z.ZodType = schemas[key];
  const result = schema.safeParse(value);
  if (result.success) {
    Object.assign(parsed, { [key]: result.data });
    return;
  }
  faults.push(...faultsOfZod(result.error, value, `provenet:${key}`));
}

function isComplete(parsed: Partial<Parsed>): parsed is Parsed {
  return Object.keys(schemas).every((key) => key in parsed);
}
