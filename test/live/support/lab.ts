import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { commandLines } from "./machine.ts";

/** The lab of these tests. Its name differs from that of any lab that a person runs. */
export const labName = "t-live";

export const projectRoot = join(import.meta.dirname, "..", "..", "..");

/** The state folder of that lab. */
export const stateFolder = join(projectRoot, ".provenet", labName);

/** The result of a command. */
export interface Outcome {
  readonly exitCode: number;
  /** Standard output and error, in the order of printing. */
  readonly output: string;
  readonly stdout: string;
  /** Command lines of processes that ran meanwhile, for the search for secrets. */
  readonly seen: ReadonlySet<string>;
}

/** Everything that any command printed in this run. */
export const transcript: string[] = [];

/** Runs `npm run <command>` as a user does, in the tests' lab. `args` start with the stack. */
export async function npmRun(
  command: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const seen = new Set<string>();
  const child = execa("npm", ["run", "--silent", command, "--", ...args], {
    cwd: projectRoot,
    env: { PROVENET_LAB: labName, ...env },
    reject: false,
    all: true,
    stdin: "ignore",
  });
  const watching = setInterval(() => {
    void commandLines().then((lines) => {
      for (const line of lines.values()) seen.add(line);
    });
  }, 500);
  const { exitCode, all, stdout } = await child;
  clearInterval(watching);
  transcript.push(all);
  return { exitCode: exitCode ?? -1, output: all, stdout, seen };
}

/** A namespace of the lab. */
export type Place = "client" | "router";

/** Runs a program in a namespace of the lab. */
export async function inLab(
  namespace: Place,
  command: readonly string[],
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const path = `/run/netns/${labName}-${namespace}`;
  const { exitCode, all } = await execa("nsenter", [`--net=${path}`, "--", ...command], {
    reject: false,
    all: true,
  });
  return { exitCode: exitCode ?? -1, output: all };
}

/** Runs a command through `npm run shell`, which gives it kubectl and the firewall of the lab. */
export async function inShell(
  stack: string,
  namespace: Place,
  command: readonly string[],
): Promise<Outcome> {
  const place = ["--stack", stack, namespace];
  const outcome = await npmRun("shell", [...place, "--", ...command]);
  if (outcome.exitCode !== 0) {
    throw new Error(`${command.join(" ")} in ${namespace}: ${outcome.output}`);
  }
  return outcome;
}

/** The engine's checkpoint of a stack, as text. */
export const checkpoint = (stack: string): Promise<string> =>
  readFile(join(stateFolder, "state", ".pulumi", "stacks", "provenet", `${stack}.json`), "utf8");
