import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** What a recipe may use while it builds. */
export interface BuildContext {
  /** An empty directory. What the recipe writes here becomes the part. */
  readonly output: string;
  /** Directory of a part that this one needs. */
  readonly of: (name: string) => string;
  /** The shared cache, which also holds Go's and apt's caches. */
  readonly cache: string;
  /** Shows one line of progress, which replaces the line before. */
  readonly say: (line: string) => void;
  /** Aborted when the user stops the run. */
  readonly signal: AbortSignal;
}

/** One thing that the lab builds when the machine lacks it. */
export interface Part {
  /** Unique. It also names the part's directory in the cache. */
  readonly name: string;
  readonly kind: "go program" | "debian packages" | "debian root" | "image" | "files" | "preload";
  readonly version: string;
  /** Parts that this one is made from. A change in one of them makes this one stale. */
  readonly needs: readonly string[];
  /** Project files and folders that the part is made from. */
  readonly files: readonly string[];
  /** Flags, package lists and everything else that changes the result. */
  readonly values: unknown;
  /** Build time on two cores with empty caches. Announced before a long build. */
  readonly seconds: number;
  /** Size of the result. */
  readonly megabytes: number;
  /** Downloads what the build needs, while the part before it is built. The build reports failures. */
  readonly download?: (cache: string, signal: AbortSignal) => Promise<void>;
  readonly build: (context: BuildContext) => Promise<void>;
}

const projectRoot = join(import.meta.dirname, "..", "..");

/** The project's file at a path relative to its root. */
export function projectFile(...steps: string[]): string {
  return join(projectRoot, ...steps);
}

/** Files at or below a path, each with its name relative to the folder, or its own name. */
function filesAt(path: string): { readonly name: string; readonly file: string }[] {
  if (!statSync(path).isDirectory()) return [{ name: basename(path), file: path }];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ name: relative(path, file), file }));
}

/**
 * The key of a part: sixteen hexadecimal digits that change with everything that changes the
 * result, the keys of its needs included. Moving the sources inside the project changes no key.
 *
 * @param locate turns a path of {@link Part.files} into the file that is read
 */
export function keyOf(
  part: Part,
  keyOfNeed: (name: string) => string,
  locate: (path: string) => string = projectFile,
): string {
  const hash = createHash("sha256");
  const add = (text: string | Buffer) => hash.update(text).update("\0");
  add(part.kind);
  add(part.version);
  add(JSON.stringify(part.values));
  for (const need of part.needs) add(`${need}=${keyOfNeed(need)}`);
  for (const path of part.files) {
    for (const { name, file } of filesAt(locate(path))) {
      add(name);
      add(readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
