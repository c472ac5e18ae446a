/** What an engine that was killed leaves behind in the file backend: locks and pending operations. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Who holds the stack, as the engine writes it into a lock file. */
export interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/** Locks of one stack in a file backend; a half-written lock file counts as process 0. */
export function readLocks(backend: string, environment: string): Lock[] {
  const folder = join(backend, ".pulumi", "locks", "organization", "provenet", environment);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => parseLock(readFileSync(join(folder, file), "utf8")));
}

function parseLock(text: string): Lock {
  const unknown = { pid: 0, username: "unknown", hostname: "", timestamp: "" };
  try {
    return { ...unknown, ...(JSON.parse(text) as Partial<Lock>) };
  } catch {
    return unknown;
  }
}

/**
 * The lock whose process still runs, if any; all others were left by processes that were killed.
 * A lock of another machine (a shared folder) counts as held: nobody here can tell.
 */
export function heldLock(
  locks: readonly Lock[],
  isAlive: (pid: number) => boolean = processLives,
  here: string = hostname(),
): Lock | undefined {
  return locks.find((lock) =>
    lock.hostname !== "" && lock.hostname !== here ? true : lock.pid > 0 && isAlive(lock.pid),
  );
}

function processLives(pid: number): boolean {
  // Process numbers come round again: only an engine can hold the engine's lock.
  try {
    return /pulumi/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    if (existsSync("/proc/self")) return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The part of a stack's checkpoint file that the commands read. */
export interface Checkpoint {
  /** URNs of operations that had begun when the engine was killed. */
  readonly pending: readonly string[];
  /** URNs of all recorded resources. */
  readonly resources: readonly string[];
  /** Salt of the secrets, which a lost stack file can be made from again. */
  readonly salt: string | undefined;
}

/** Reads a stack's checkpoint in a file backend; undefined when there is no such stack. */
export function readCheckpoint(backend: string, environment: string): Checkpoint | undefined {
  const file = join(backend, ".pulumi", "stacks", "provenet", `${environment}.json`);
  return existsSync(file) ? parseCheckpoint(readFileSync(file, "utf8")) : undefined;
}

interface CheckpointFile {
  readonly checkpoint?: {
    readonly latest?: {
      readonly pending_operations?: readonly { readonly resource?: { readonly urn?: string } }[];
      readonly resources?: readonly { readonly urn?: string }[];
      readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
    };
  };
}

/** Reads a checkpoint's text. */
export function parseCheckpoint(text: string): Checkpoint {
  const latest = (JSON.parse(text) as CheckpointFile).checkpoint?.latest;
  const urns = (list: readonly { readonly urn?: string }[] | undefined) =>
    (list ?? []).map(({ urn }) => urn).filter((urn) => urn !== undefined);
  return {
    pending: urns((latest?.pending_operations ?? []).map(({ resource }) => resource ?? {})),
    resources: urns(latest?.resources),
    salt: latest?.secrets_providers?.state?.salt,
  };
}
