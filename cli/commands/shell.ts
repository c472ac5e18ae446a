/** `npm run shell`: a shell, or one command, on the client or the router of the lab. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";

import { exitCodes, UserError } from "../../messages/errors.ts";
import { onPath, type Place } from "../stack/lab.ts";
import { stackNames } from "../stack/project.ts";
import { openSession, type Session } from "../stack/session.ts";
import { assertDockerAnswers } from "../stack/upRecord.ts";
import { clusterOf, type RecordedCluster } from "./verify.ts";

/**
 * Splits the place from the command, as in `client kubectl get nodes` and `-- ip route`. A single
 * word with blanks is a line for the shell.
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

/** Runs the command and returns the exit code of the shell or of the program that ran in it. */
export async function shell(
  words: readonly string[],
  options: { readonly stack?: string },
): Promise<number> {
  const { place, command } = splitWords(words);
  const session = await openSession(options.stack, "cluster");
  assertDockerAnswers(session, exitCodes.unknown);
  const { stackName, workplace, stack, paths } = session;
  if (!workplace.isUp()) {
    throw new UserError(
      `there is no ${place} for a shell, because the lab does not run`,
      `run \`npm run up ${stackName}\` first`,
      exitCodes.unknown,
    );
  }
  // A shell is for finding out what went wrong, so it opens without outputs too.
  const outputs = await stack.outputs().catch(() => undefined);
  const cluster = clusterOf(outputs);
  const variables = {
    ...workplace.variables(),
    ...(cluster === undefined ? {} : { KUBECONFIG: pinnedKubeconfig(cluster, paths.directory) }),
  };
  const [program] = command;
  if (program !== undefined) assertOnPath(program, workplace.variables().PATH ?? "");
  const wanted = command.length > 0 ? command : interactive(session, place);
  return await run([...workplace.enter(place), ...wanted], variables);
}

/**
 * The `$KUBECONFIG` of a shell. kubectl takes the current context of the first file that has one, so a
 * file that names the recorded context comes before the user's kubeconfig, which stays as it is.
 */
export function pinnedKubeconfig(
  { kubeconfig, context }: Pick<RecordedCluster, "kubeconfig" | "context">,
  directory: string,
): string {
  const file = join(directory, "context");
  const choice = { apiVersion: "v1", kind: "Config", "current-context": context };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(choice), { mode: 0o600 });
  return [file, kubeconfig].join(delimiter);
}

/**
 * Refuses a program that does not exist. nsenter would report it without a fix.
 *
 * @throws {UserError} with the shell's exit code for a missing program
 */
export function assertOnPath(
  program: string,
  path: string,
  stacks: readonly string[] = stackNames(),
): void {
  const folders = program.includes("/") ? dirname(program) : path;
  if (onPath(basename(program), folders) !== undefined) return;
  throw new UserError(
    `${JSON.stringify(program)} is no program on PATH, and neither client nor router`,
    stacks.includes(program)
      ? `run \`npm run shell -- --stack ${program}\` for the stack ${program}`
      : "run `npm run shell -- --help`, which shows the form of the command",
    127,
  );
}

function interactive({ stackName, paths, decision, workplace }: Session, place: Place): string[] {
  const rcFile = join(paths.directory, "shellrc");
  mkdirSync(paths.directory, { recursive: true, mode: 0o700 });
  const name = workplace.inLab ? `${decision.directories.name} ${place}` : stackName;
  writeFileSync(
    rcFile,
    `[ -f ~/.bashrc ] && . ~/.bashrc\nPATH=$PROVENET_PATH\nPS1="(${name}) \${PS1:-\\w\\$ }"\n`,
  );
  return ["env", `PROVENET_PATH=${workplace.variables().PATH ?? ""}`, "bash", "--rcfile", rcFile];
}

function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program = "sh", ...args] = argv;
  const ignore = () => undefined;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: "inherit" });
    // Ctrl-C is for the program in the shell.
    process.on("SIGINT", ignore);
    const terminate = () => child.kill("SIGTERM");
    process.on("SIGTERM", terminate);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new UserError(`the program ${program} does not exist`, "use one that is on PATH", 127)
          : error,
      );
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore).off("SIGTERM", terminate);
      resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
    });
  });
}
