import { homedir } from "node:os";
import { join } from "node:path";

import { exitCodes, UserError } from "../../messages/errors.ts";

/** Where one lab keeps its files. Two labs share the built parts (`cache`) and nothing else. */
export interface Directories {
  /** The lab's name. Its namespaces are `<name>-client` and `<name>-router`. */
  readonly name: string;
  /** Built parts, shared by all labs of this user. */
  readonly cache: string;
  /** Docker's data and minikube's home of this lab. */
  readonly lab: string;
  /** Sockets, pid files and the owner file. Short, because a socket's path has at most 107 bytes. */
  readonly run: string;
}

/**
 * The directories of a lab. None is created.
 *
 * @throws {UserError} when the name is not well-formed
 */
export function directoriesOf(name: string): Directories {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new UserError(
      `PROVENET_LAB is ${JSON.stringify(name)}, which is no name of a lab`,
      "use at most twenty lower-case letters, digits and hyphens, starting with a letter, such as trial",
      exitCodes.badUse,
    );
  }
  const cache = cacheDirectory();
  return { name, cache, lab: join(cache, "labs", name), run: join(runDirectory, name) };
}

/** Folder of what exists only while a lab runs. */
export const runDirectory = "/run/provenet";

/** Folder of everything that is built. All labs share it. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "provenet");
}

/** The current lab's name: `PROVENET_LAB`, or `provenet`. */
export function currentLabName(): string {
  return process.env.PROVENET_LAB ?? "provenet";
}
