import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

import type { PartStore } from "./build/store.ts";
import { storeOf, type Decision } from "./decide.ts";

/** The lab's folder of commands, which comes first on PATH. */
export const binOf = ({ directories }: Decision): string => join(directories.lab, "bin");

/** The folder of the lab's Pulumi and its language host. */
export const pulumiFolderOf = ({ directories }: Decision): string =>
  join(directories.lab, "pulumi");

/** The folder with `ip`, `ping`, `nft` and other tools that the machine may lack. */
export const networkTools = ({ directories }: Decision): string =>
  join(storeOf(directories).directoryOf("debian-tools"), "bin");

/** Links the programs of some parts into a folder. */
export async function linkPrograms(
  store: PartStore,
  names: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const bin = join(store.directoryOf(name), "bin");
    if (!existsSync(bin)) continue;
    for (const program of await readdir(bin)) {
      const target = join(folder, program);
      if (await lstat(target).catch(() => undefined)) await rm(target);
      await symlink(join(bin, program), target);
    }
  }
}

/** A folder with the programs and files that the engine tests use, for `PROVENET_TOOLS`. */
export async function engineTools({ directories }: Decision): Promise<string> {
  const store = storeOf(directories);
  const folder = join(directories.cache, "tools", "bin");
  await linkPrograms(store, ["pulumi", "kubernetes", "etcd", "kwok"], folder);
  const folders = {
    "kwok-stages": join(store.directoryOf("kwok"), "stages"),
    crds: store.directoryOf("crds"),
  };
  for (const [name, target] of Object.entries(folders)) {
    await rm(join(folder, name), { force: true });
    await symlink(target, join(folder, name));
  }
  return folder;
}
