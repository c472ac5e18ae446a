/** `npm run shell`: a shell, or one command, where the client or the router of the lab stands. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

import { readOutputs } from "../stack/engine.ts";
import { CommandFault, exitCodes } from "../report/fault.ts";
import type { Place } from "../stack/lab.ts";
import { openSession, type Session } from "../stack/session.ts";
import { kubeconfigOf } from "./verify.ts";

/**
 * Tells the place from the command: `client kubectl get nodes`, `-- ip route`. A single word with
 * blanks in it is a line for the shell.
 */
export function splitWords(words: readonly string[]): { place: Place; command: string[] } {
  const [first, ...rest] = words;
  const named = first === "client" || first === "router";
  const command = named ? rest : [...words];
  if (command[0] === "--") command.shift();
  const [line] = command;
  if (command.length === 1 && line !== undefined && /\s/.test(line)) {
    return { place: named ? first : "client", command: ["sh", "-c", line] };
  }
  return { place: named ? first : "client", command };
}

/** Runs the command; returns the exit code of the shell or of what ran in it. */
export async function shell(
  words: readonly string[],
  options: { readonly environment?: string },
): Promise<number> {
  const { place, command } = splitWords(words);
  const session = await openSession(options.environment, "cluster");
  const { environment, workplace } = session;
  if (!workplace.isUp()) {
    throw new CommandFault(
      `there is no ${place} to open a shell in: the lab does not run`,
      `run \`npm run up ${environment}\` first`,
      exitCodes.unknown,
    );
  }
  // Half an up is enough for a shell: one looks around in it for what went wrong.
  const outputs = await readOutputs(session).catch(() => undefined);
  const kubeconfig = outputs === undefined ? undefined : kubeconfigOf(outputs);
  const variables = {
    ...session.variables,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  const wanted = command.length > 0 ? command : interactive(session, place);
  return await run([...workplace.enter(place), ...wanted], variables);
}

function interactive(session: Session, place: Place): string[] {
  const rcFile = join(session.paths.directory, "shellrc");
  const name = session.workplace.inLab ? `${session.lab} ${place}` : session.environment;
  writeFileSync(
    rcFile,
    `[ -f ~/.bashrc ] && . ~/.bashrc\nPATH=$PROVENET_PATH\nPS1="(${name}) \${PS1:-\\w\\$ }"\n`,
  );
  return ["env", `PROVENET_PATH=${session.variables.PATH ?? ""}`, "bash", "--rcfile", rcFile];
}

function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program = "sh", ...args] = argv;
  const ignore = () => undefined;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: "inherit" });
    // Ctrl-C is meant for what runs in the shell.
    process.on("SIGINT", ignore);
    const terminate = () => child.kill("SIGTERM");
    process.on("SIGTERM", terminate);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new CommandFault(`there is no program ${program}`, "write one that is on PATH", 127)
          : error,
      );
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore).off("SIGTERM", terminate);
      resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
    });
  });
}
