import { readdir, rm } from "node:fs/promises";
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

/**
 * Removes the archives of the unpacked modules. Go compares a module with go.sum by the hash that it
 * keeps next to the archive, so it downloads nothing twice.
 */
export async function removeModuleArchives(cache: string): Promise<void> {
  const downloads = join(goCaches(cache).modules, "cache", "download");
  const files = await readdir(downloads, { recursive: true }).catch(() => []);
  const archives = files.filter((file) => file.endsWith(".zip"));
  for (const archive of archives) await rm(join(downloads, archive), { force: true });
}
