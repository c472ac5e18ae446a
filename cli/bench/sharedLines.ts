/** How much of the program all kinds of cluster share. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { projectRoot } from "../stack/project.ts";
import type { Figure } from "./figure.ts";

/** The kinds of cluster, as the paths of their files name them. */
export const kinds = ["minikube", "existing", "gke"] as const;

type Kind = (typeof kinds)[number];

/** A module of the program and the number of its lines. */
export interface Module {
  /** Relative to the project. */
  readonly path: string;
  readonly lines: number;
}

/** `index.ts` and every module that it imports, not for types alone. */
export function modulesOf(entry: string, root: string): Module[] {
  const modules = new Map<string, Module>();
  const visit = (file: string) => {
    if (modules.has(file)) return;
    const text = readFileSync(file, "utf8");
    modules.set(file, { path: relative(root, file), lines: codeLines(text) });
    const imports = text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from "(\.[^"]+)"/gm);
    for (const [, path = ""] of imports) visit(join(dirname(file), path));
  };
  visit(join(root, entry));
  return [...modules.values()];
}

/** Lines with code. Comments and empty lines do not count. */
export function codeLines(text: string): number {
  const code = text.replaceAll(/\/\*[^]*?\*\//g, "");
  return code.split("\n").filter((line) => line.trim() !== "" && !/^\s*\/\//.test(line)).length;
}

/** The kind that a module is for. Undefined for a shared one. */
export function kindOf(path: string): Kind | undefined {
  return kinds.find((kind) => new RegExp(`(?:^|/)${kind}(?:[/.A-Z]|$)`).test(path));
}

/** Share of each kind's lines that all kinds have, between 0 and 1. */
export function sharesOf(modules: readonly Module[]): Record<Kind, number> {
  const linesFor = (kind: Kind | undefined) =>
    modules.filter(({ path }) => kindOf(path) === kind).reduce((sum, { lines }) => sum + lines, 0);
  const shared = linesFor(undefined);
  const shares = kinds.map((kind) => [kind, shared / (shared + linesFor(kind))]);
  return Object.fromEntries(shares) as Record<Kind, number>;
}

/** Counts the lines of the program. */
export function sharedLines(): Figure {
  const modules = modulesOf("index.ts", projectRoot);
  const stages = modules.filter(({ path }) => /^components\/(?!config|cluster)/.test(path));
  const percent = (shares: Record<Kind, number>) =>
    kinds.map((kind) => `${kind} ${(100 * shares[kind]).toFixed(1)} %`).join(", ");
  return {
    name: "shared lines",
    text:
      `${percent(sharesOf(modules))} of what a kind uses is shared by all, in ${modules.length} modules that index.ts imports. ` +
      `After config and cluster: ${percent(sharesOf(stages))}. ` +
      "A module is a kind's own when its path names the kind. Comments and empty lines do not count",
  };
}
