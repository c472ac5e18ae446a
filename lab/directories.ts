import { homedir } from "node:os";
import { join } from "node:path";

import { LabFault } from "./fault.ts";

/** The form of a lab's name, in words. */
export const labNameForm = "at most twenty lower-case letters, digits and hyphens, a letter first";

/** Whether a text can be a lab's name. */
export const isLabName = (text: string): boolean => /^[a-z][a-z0-9-]{0,19}$/.test(text);

/** Where one lab keeps its things. Two labs share what was built (`cache`) and nothing else. */
export interface Directories {
  /** The lab's name; its namespaces are `<name>-client` and `<name>-lab`. */
  readonly name: string;
  /** Built artefacts, shared by all labs of this user. */
  readonly cache: string;
  /** Docker's data and minikube's home of this lab. */
  readonly lab: string;
  /** Sockets, pid files and the owner mark; short, because a socket's path has at most 107 bytes. */
  readonly run: string;
}

/**
 * The directories of a lab.
 *
 * @param name at most twenty lower-case letters, digits and hyphens, starting with a letter.
 * @throws LabFault when the name has another form.
 */
export function directoriesOf(name: string): Directories {
  if (!isLabName(name)) {
    throw new LabFault(
      `PROVENET_LAB is ${JSON.stringify(name)}: write ${labNameForm}, such as trial.`,
    );
  }
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const cache = join(base, "provenet");
  return { name, cache, lab: join(cache, "labs", name), run: join("/run/provenet", name) };
}

/** The lab that this process is about: `PROVENET_LAB`, else `provenet`. */
export function currentLabName(): string {
  return process.env.PROVENET_LAB ?? "provenet";
}
