import { ExecaError } from "execa";

import { UserError } from "../../messages/errors.ts";

const noAnswer =
  /dial tcp|no such host|i\/o timeout|TLS handshake timeout|Temporary failure|Could not resolve|Connection (?:refused|timed out|failed)/i;

/** The error of a failed build: what the program that failed complained about, and what to do. */
export function buildError(name: string, error: unknown): Error {
  if (!(error instanceof ExecaError)) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const stderr: unknown = error.stderr;
  const all = typeof stderr === "string" ? stderr.trim().split("\n") : [];
  const program = error.command.split(" ", 1)[0] ?? "";
  const lines = program === "go" ? complaintsIn(all) : all.slice(-12);
  const ending = error.exitCode ?? error.signal ?? "an error";
  return new UserError(
    [
      `${name} could not be built: ${program} ended with ${ending}`,
      ...lines.map((line) => `  ${line}`),
    ].join("\n"),
    fixFor([...lines, ...all.slice(-12)].join("\n")),
  );
}

/** Twelve lines from go's first complaint about a package, or the last twelve. */
function complaintsIn(lines: readonly string[]): readonly string[] {
  const complaint = lines.findIndex((line) => line.startsWith("# "));
  return complaint < 0 ? lines.slice(-12) : lines.slice(complaint, complaint + 12);
}

function fixFor(output: string): string {
  if (/no space left|ENOSPC/i.test(output)) {
    return "the disk is full: free some space, then run the command again";
  }
  if (noAnswer.test(output)) {
    return "a package registry does not answer: check the network and the proxies of go and apt, then run the command again; finished parts are kept";
  }
  return "run the command again; finished parts are kept. If it fails in the same way, the lines above show the cause";
}
