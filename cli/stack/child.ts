/** Runs a program in the foreground: Ctrl-C reaches it exactly once, and its errors can be held back. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

import { exitCodes } from "../report/fault.ts";

/** How a program is run by {@link runForeground}. */
export interface ForegroundOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where standard output goes; `stderr` keeps ours free for JSON. @default "inherit" */
  readonly output?: "inherit" | "stderr";
  /** Told once when the program was asked to stop and is still saving its work. */
  readonly onInterrupt?: () => void;
}

/** How a program ended. */
export interface Ending {
  /** Exit code; 128 + the signal's number when a signal ended it. */
  readonly code: number;
  /** Whether somebody pressed Ctrl-C or sent a signal meanwhile. */
  readonly interrupted: boolean;
  /** Lines of standard error from the first `error:` on; they have not been shown yet. */
  readonly errors: string;
}

/**
 * Runs `argv` and waits. Standard error is passed on up to the first line that starts with `error:`;
 * what follows is returned, so that the caller can say it better or print it.
 *
 * On a terminal the kernel sends Ctrl-C to everybody in the foreground, the program included, so
 * nothing is forwarded. Without one the program gets a group of its own and one SIGINT from us,
 * however many signals arrive: a second one would make the engine drop what it has not saved.
 */
export function runForeground(
  argv: readonly string[],
  options: ForegroundOptions,
): Promise<Ending> {
  const [command, ...args] = argv;
  if (command === undefined) throw new Error("runForeground needs a program");
  const terminal = process.stdin.isTTY;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["inherit", options.output === "stderr" ? 2 : "inherit", "pipe"],
      detached: !terminal,
    });
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

/** Passes whole lines on until one starts with `error:`; that one and all after it are kept. */
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
