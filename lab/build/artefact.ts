import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** What a recipe may use while it builds. */
export interface BuildContext {
  /** An empty directory; what the recipe leaves here becomes the artefact. */
  readonly output: string;
  /** The directory of an artefact that this one needs. */
  readonly of: (name: string) => string;
  /** The shared cache, for Go's and apt's own caches. */
  readonly cache: string;
  /** One line about how far it is, replaced by the next. */
  readonly say: (line: string) => void;
  /** Aborted when the user stops the run. */
  readonly signal: AbortSignal;
}

/** One thing that the lab builds when the machine does not have it. */
export interface Artefact {
  /** Unique; also its directory's name. */
  readonly name: string;
  readonly kind: "go program" | "debian packages" | "debian root" | "image" | "files" | "preload";
  readonly version: string;
  /** Artefacts that it is made from; a change in one makes this one stale. */
  readonly needs: readonly string[];
  /** Project files (or folders) that it is made from. */
  readonly files: readonly string[];
  /** Everything else that decides what comes out, such as flags and package lists. */
  readonly values: unknown;
  /** Measured on two cores with empty caches; for the announcement before a long build. */
  readonly seconds: number;
  /** Size of the result. */
  readonly megabytes: number;
  readonly build: (context: BuildContext) => Promise<void>;
}

const projectRoot = join(import.meta.dirname, "..", "..");

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The project's file at a path relative to its root. */
export function projectFile(...parts: string[]): string {
  return join(projectRoot, ...parts);
}

/**
 * The key of an artefact: a hash of everything that decides what comes out, among it the keys of
 * what it is made from. Sixteen hexadecimal digits.
 */
export function keyOf(artefact: Artefact, keyOfNeed: (name: string) => string): string {
  const hash = createHash("sha256");
  const add = (text: string | Buffer) => hash.update(text).update("\0");
  add(artefact.kind);
  add(artefact.version);
  add(JSON.stringify(artefact.values));
  for (const need of artefact.needs) add(`${need}=${keyOfNeed(need)}`);
  for (const path of artefact.files) {
    for (const file of filesBelow(projectFile(path))) {
      add(relative(projectRoot, file));
      add(readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
