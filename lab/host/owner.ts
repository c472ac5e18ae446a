import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { UserError } from "../../messages/errors.ts";
import type { Directories } from "./directories.ts";

/** Who created a lab's namespaces. Stored next to the sockets, so a reboot clears both. */
interface Owner {
  readonly project: string;
}

/** The two network namespaces of a lab. */
export function namespacesOf({ name }: Pick<Directories, "name">) {
  return { client: `${name}-client`, router: `${name}-router` } as const;
}

/** Where iproute2 mounts a named network namespace. */
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
 * Checks that the lab's namespaces are free or belong to this project.
 *
 * @throws {UserError} when somebody else created a namespace of that name
 */
export async function assertOurs(directories: Directories, project: string): Promise<void> {
  const existing = Object.values(namespacesOf(directories)).filter((namespace) =>
    existsSync(namespacePath(namespace)),
  );
  if (existing.length === 0) return;
  const owner = await readOwner(directories);
  if (owner?.project === project) return;
  const subject =
    existing.length > 1
      ? `the network namespaces ${existing.join(" and ")} belong`
      : `the network namespace ${existing.join("")} belongs`;
  const end =
    owner === undefined
      ? `ip netns delete ${existing.join("; ip netns delete ")}`
      : `npm run down in ${owner.project}`;
  throw new UserError(
    `${subject} to ${owner === undefined ? "something else" : `the lab of ${owner.project}`}`,
    `use another lab name, such as PROVENET_LAB=second, or end the other lab first (${end})`,
  );
}

/** Whether this project created the lab that runs under the name. */
export async function isOurs(directories: Directories, project: string): Promise<boolean> {
  return (await readOwner(directories))?.project === project;
}

/** Records this project as the owner of the lab's names. Called before anything is created. */
export async function claim(directories: Directories, project: string): Promise<void> {
  await assertOurs(directories, project);
  await mkdir(directories.run, { recursive: true, mode: 0o700 });
  const owner: Owner = { project };
  await writeFile(ownerFile(directories), JSON.stringify(owner), { mode: 0o600 });
}

/** Releases the lab's names after everything in it is removed. */
export async function release(directories: Directories): Promise<void> {
  await rm(directories.run, { recursive: true, force: true });
  const parent = dirname(directories.run);
  if (existsSync(parent) && (await readdir(parent)).length === 0) await rmdir(parent);
}
