/** Runs one program without a shell. Never throws, because a failure is a result too. */
import { execFile } from "node:child_process";

/** How a program ended. */
export type Ran =
  | {
      readonly kind: "ended";
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: "absent"; readonly why: string }
  | { readonly kind: "stuck"; readonly why: string };

/**
 * Runs a program.
 *
 * @param argv program and arguments
 * @param options.signal ends the program early, which counts as stuck
 * @param options.timeoutMilliseconds when it is killed. @default 3000
 */
export function run(
  argv: readonly string[],
  options: { readonly signal?: AbortSignal; readonly timeoutMilliseconds?: number } = {},
): Promise<Ran> {
  const [program = "", ...rest] = argv;
  const { signal, timeoutMilliseconds = 3000 } = options;
  return new Promise((resolve) => {
    const settings = {
      timeout: timeoutMilliseconds,
      killSignal: "SIGKILL" as const,
      maxBuffer: 16 * 1024 * 1024,
      env: { ...process.env, LC_ALL: "C" },
      ...(signal === undefined ? {} : { signal }),
    };
    execFile(program, rest, settings, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ kind: "ended", code: 0, stdout, stderr });
      } else if (typeof error.code === "number") {
        resolve({ kind: "ended", code: error.code, stdout, stderr });
      } else if (error.code === "ENOENT" || error.code === "EACCES") {
        resolve({ kind: "absent", why: `${program} cannot be run here (${error.code})` });
      } else {
        const why = `${program} gave no result within ${timeoutMilliseconds} ms`;
        resolve({ kind: "stuck", why });
      }
    });
  });
}
