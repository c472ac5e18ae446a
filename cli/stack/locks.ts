/** Locks on a stack, as the engine's error message lists them. */
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Who holds a stack. */
export interface Lock {
  /** `user@host`. */
  readonly owner: string;
  readonly pid: number;
  readonly since: string;
}

/** The locks in the engine's message "the stack is currently locked by …". Other texts have none. */
export function locksIn(text: string): Lock[] {
  if (!text.includes("the stack is currently locked by")) return [];
  const lines = text.matchAll(/created by (\S+) \(pid (\d+)\) at (\S+)/g);
  return [...lines].map(([, owner = "", pid, since = ""]) => ({ owner, pid: Number(pid), since }));
}

/**
 * The first lock that must be respected. A lock whose process is gone does not count. A lock from
 * another machine does, because its processes cannot be seen from here.
 */
export function heldLock(
  locks: readonly Lock[],
  isAlive: (pid: number) => boolean = runsEngine,
  here: string = hostname(),
): Lock | undefined {
  return locks.find(({ owner, pid }) => !owner.endsWith(`@${here}`) || isAlive(pid));
}

/** Process ids are reused, so a process counts only when it is an engine. */
function runsEngine(pid: number): boolean {
  try {
    return /pulumi/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    if (existsSync("/proc/self")) return false;
  }
  return isRunning(pid);
}

/** Whether this machine has a process with this id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
