import { spawn, type ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { once } from "node:events";

/** Limit for a process to end. */
const patienceMilliseconds = 10_000;

/** Starts a process that runs until {@link end}. Its output goes into a file. */
export function start(program: string, args: readonly string[], log: string): ChildProcess {
  const file = openSync(log, "a");
  const child = spawn(program, args, { stdio: ["ignore", file, file] });
  process.once("exit", () => child.kill("SIGKILL"));
  return child;
}

/** Ends a process and waits until it has exited. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), patienceMilliseconds);
  await gone;
  clearTimeout(kill);
}

/** Polls until the answer is not undefined, or throws at the limit. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  milliseconds = 30_000,
): Promise<T> {
  const until = Date.now() + milliseconds;
  let last: unknown;
  while (Date.now() < until) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${milliseconds} ms`, { cause: last });
}

/** The command lines of all processes whose environment holds an assignment. */
export async function processesWith(assignment: string): Promise<{ pid: number; args: string }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const environment = await readFile(`/proc/${pid}/environ`, "utf8");
        if (!environment.split("\0").includes(assignment)) return [];
        const args = await readFile(`/proc/${pid}/cmdline`, "utf8");
        return [{ pid: Number(pid), args: args.replaceAll("\0", " ") }];
      } catch {
        // The process has ended since the listing.
        return [];
      }
    }),
  );
  return found.flat();
}

/** Collects the command lines of every process on the machine until stopped. */
export function watchArguments(): { stop: () => Promise<string> } {
  const seen = new Set<string>();
  let watching = true;
  const watch = async () => {
    while (watching) {
      const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
      for (const pid of pids) {
        seen.add(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const done = watch();
  return {
    stop: async () => {
      watching = false;
      await done;
      return [...seen].join("\n");
    },
  };
}
