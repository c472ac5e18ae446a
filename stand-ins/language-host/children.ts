import { spawn, type ChildProcess } from "node:child_process";

/** How a process ended. */
export interface Ending {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How a process is started. */
export interface Start {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Receives its output. @default inherited from this process */
  readonly output?: (name: "stdout" | "stderr", text: Buffer) => void;
  /** Stops the process. */
  readonly stop: AbortSignal;
}

/** Time between SIGINT and SIGKILL. */
const patienceMilliseconds = 3_000;

const running = new Set<ChildProcess>();

/** Runs Node and resolves when it has ended. Rejects when it cannot be started. */
export function runNode({ args, cwd, env, output, stop }: Start): Promise<Ending> {
  const piped = output ? "pipe" : "inherit";
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", piped, piped] });
  running.add(child);
  child.stdout?.on("data", (text: Buffer) => output?.("stdout", text));
  child.stderr?.on("data", (text: Buffer) => output?.("stderr", text));
  const interrupt = () => {
    leave(child);
  };
  stop.addEventListener("abort", interrupt, { once: true });
  return new Promise((resolve, reject) => {
    const forget = () => {
      running.delete(child);
      stop.removeEventListener("abort", interrupt);
    };
    child.on("error", (error) => {
      forget();
      reject(error);
    });
    child.on("close", (code, signal) => {
      forget();
      resolve({ code, signal });
    });
    if (stop.aborted) interrupt();
  });
}

/** Interrupts every process, and kills those that do not end. */
export function interruptAll(): void {
  for (const child of running) leave(child);
}

/** Kills every process at once. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

function leave(child: ChildProcess): void {
  child.kill("SIGINT");
  setTimeout(() => {
    child.kill("SIGKILL");
  }, patienceMilliseconds).unref();
}
