import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { parse, stringify } from "yaml";

import type { Project, Stack } from "./stack.ts";

const directory = path.join(import.meta.dirname, "..", "..", "..");

/** The project's own program. */
export const ownProgram: Project = { name: "provenet", directory };

/** The checks send packets, and nothing in a simulated cluster answers them. */
export const withoutChecks = ["--exclude", "**Check::**", "--exclude-dependents"];

/** Replaces the configuration of the project's program. Each value is an object. */
export async function configureProgram(
  stack: Stack,
  config: Readonly<Record<string, object>>,
): Promise<void> {
  const keys = Object.entries(config).map(([key, value]) => [`provenet:${key}`, value]);
  const file = parse(await readFile(stack.configFile, "utf8")) as object;
  const merged = { ...file, config: Object.fromEntries(keys) as object };
  await writeFile(stack.configFile, stringify(merged));
}
