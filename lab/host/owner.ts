import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { LabFault } from "../fault.ts";
import type { Directories } from "../directories.ts";

/** Who made a lab's namespaces: kept beside the sockets, so it goes at the next boot, as they do. */
interface Owner {
  readonly project: string;
}

/** The two network namespaces of a lab. */
export function namespacesOf({ name }: Pick<Directories, "name">) {
  return { client: `${name}-client`, lab: `${name}-lab` } as const;
}

/** Where iproute2 keeps a named network namespace. */
export const namespacePath = (namespace: string): string => `/run/netns/${namespace}`;

const ownerFile = ({ run }: Directories) => join(run, "owner.json");

async function readOwner(directories: Directories): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile(directories), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that the lab's names are free or ours.
 *
 * @throws LabFault when a namespace of that name exists that this project did not make.
 */
export async function assertOurs(directories: Directories, project: string): Promise<void> {
  const existing = Object.values(namespacesOf(directories)).filter((namespace) =>
    existsSync(namespacePath(namespace)),
  );
  if (existing.length === 0) return;
  const owner = await readOwner(directories);
  if (owner?.project === project) return;
  const whose = owner ? `the lab of ${owner.project}` : "something else";
  throw new LabFault(
    `The network namespace${existing.length > 1 ? "s" : ""} ${existing.join(" and ")} ${existing.length > 1 ? "belong" : "belongs"} to ${whose}. Run with another lab name, such as PROVENET_LAB=second, or end the other one first${owner ? ` (npm run down in ${owner.project})` : ` (ip netns delete ${existing.join("; ip netns delete ")})`}.`,
  );
}

/** Whether this project made the lab that now runs under the name. */
export async function isOurs(directories: Directories, project: string): Promise<boolean> {
  return (await readOwner(directories))?.project === project;
}

/** Marks the lab's names as this project's, before anything is made under them. */
export async function claim(directories: Directories, project: string): Promise<void> {
  await assertOurs(directories, project);
  await mkdir(directories.run, { recursive: true, mode: 0o700 });
  const owner: Owner = { project };
  await writeFile(ownerFile(directories), JSON.stringify(owner), { mode: 0o600 });
}

/** Gives the names back, when nothing of the lab is left. */
export async function release(directories: Directories): Promise<void> {
  await rm(directories.run, { recursive: true, force: true });
  const parent = dirname(directories.run);
  if (existsSync(parent) && (await readdir(parent)).length === 0) await rmdir(parent);
}
