/** Runs a program in the foreground. Ctrl-C reaches it exactly once, and its errors are held back. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

import { exitCodes } from "../../messages/errors.ts";

/** How a program is run by {@link runForeground}. */
export interface ForegroundOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /**
   * Where standard output goes. `stderr` leaves this process's standard output to JSON.
   * @default "inherit"
   */
  readonly output?: "inherit" | "stderr" | ((text: string) => void);
  /** Called once when the program was asked to stop and still saves its work. */
  readonly onInterrupt?: () => void;
}

/** How a program ended. */
export interface Ending {
  /** Exit code, or 128 plus the number of the signal that ended it. */
  readonly code: number;
  /** Whether Ctrl-C was pressed or a signal arrived. */
  readonly interrupted: boolean;
  /** Lines of standard error from the first `error:` on. They have not been shown yet. */
  readonly errors: string;
}

/**
 * Runs `argv` and waits. Standard error passes through up to the first line that starts with
 * `error:`. The rest is returned, so that the caller can explain or print it.
 *
 * On a terminal the kernel sends Ctrl-C to the whole foreground group, so nothing is forwarded.
 * Without a terminal the program gets a separate group and one SIGINT, however many signals arrive.
 * A second SIGINT would make the engine drop unsaved state.
 */
export function runForeground(
  argv: readonly string[],
  options: ForegroundOptions,
): Promise<Ending> {
  const [command, ...args] = argv;
  if (command === undefined) throw new Error("runForeground needs a program");
  const { output } = options;
  const read = typeof output === "function" ? output : undefined;
  const terminal = process.stdin.isTTY;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["inherit", output === "stderr" ? 2 : read === undefined ? "inherit" : "pipe", "pipe"],
      detached: !terminal,
    });
    if (read !== undefined) child.stdout?.setEncoding("utf8").on("data", read);
    let interrupted = false;
    const stop = (forward: boolean) => () => {
      if (interrupted) return;
      interrupted = true;
      if (forward) child.kill("SIGINT");
      options.onInterrupt?.();
    };
    const handlers = { SIGINT: stop(!terminal), SIGTERM: stop(true) };
    for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
    const done = () => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    };
    const errors = errorGate((text) => process.stderr.write(text));
    child.stderr?.setEncoding("utf8").on("data", errors.write);
    child.on("error", (error) => {
      done();
      reject(error);
    });
    child.on("close", (code, signal) => {
      done();
      resolve({
        code: code ?? 128 + (signal === null ? exitCodes.failed : constants.signals[signal]),
        interrupted,
        errors: errors.end(),
      });
    });
  });
}

/** Passes whole lines on until one starts with `error:`. That line and all later ones are kept. */
export function errorGate(pass: (text: string) => void): {
  write: (text: string) => void;
  end: () => string;
} {
  let rest = "";
  let held: string | undefined;
  return {
    write(text) {
      if (held !== undefined) {
        held += text;
        return;
      }
      rest += text;
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        if (/^error:/i.test(rest)) {
          held = rest;
          rest = "";
          return;
        }
        pass(rest.slice(0, end + 1));
        rest = rest.slice(end + 1);
      }
    },
    end() {
      if (held !== undefined) return held;
      if (/^error:/i.test(rest)) return rest;
      if (rest !== "") pass(rest);
      return "";
    },
  };
}
