import { join } from "node:path";

/** The lab's Go caches, which are removed after a build. */
export function goCaches(cache: string): {
  readonly all: string;
  readonly build: string;
  readonly modules: string;
} {
  const all = join(cache, "go");
  return { all, build: join(all, "build"), modules: join(all, "mod") };
}
