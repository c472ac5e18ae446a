import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { projectRoot } from "./lab.ts";

type Values = Record<string, unknown>;

/** Path of a stack's file. */
export const stackFileOf = (stack: string): string => join(projectRoot, `Pulumi.${stack}.yaml`);

/** Writes a stack file that is a copy of dev with these values instead. */
export async function writeStackFile(
  stack: string,
  changes: { readonly cluster: Values; readonly network?: Values; readonly web?: Values },
): Promise<void> {
  const text = await readFile(join(projectRoot, "Pulumi.dev.yaml"), "utf8");
  const { config } = parse(text) as { config: Record<string, Record<string, Values>> };
  const changed = {
    "provenet:cluster": { ...config["provenet:cluster"], profile: stack, ...changes.cluster },
    "provenet:network": { ...config["provenet:network"], ...changes.network },
    "provenet:apps": { web: { ...config["provenet:apps"]?.web, ...changes.web } },
  };
  await writeFile(stackFileOf(stack), stringify({ config: { ...config, ...changed } }));
}
