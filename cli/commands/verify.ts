/** `npm run verify`: asks again what the last `up` proved. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { execa } from "execa";
import { z } from "zod";

import { probeRequestSchema, type ProbeRequest } from "../../probe/request.ts";
import { verdictSchema, type Verdict } from "../../probe/verdict.ts";
import { readOutputs } from "../stack/engine.ts";
import { CommandFault, exitCodes } from "../report/fault.ts";
import { projectRoot } from "../stack/project.ts";
import { openSession, type Session } from "../stack/session.ts";
import { exitCodeOfAll, formatExplanations, formatVerdicts, resultOf } from "../report/summary.ts";
import { coloured } from "../report/terminal.ts";

/** Leaves room for starting and reading within the ten seconds that a verification may take. */
const deadlineSeconds = 7;

/** Runs the command; returns its exit code. */
export async function verify(
  asked: string | undefined,
  options: { readonly json?: boolean },
): Promise<number> {
  const session = await openSession(asked, "cluster");
  const { verdicts } = await verifySession(session);
  const exitCode = exitCodeOfAll(verdicts);
  if (options.json === true) {
    const result = resultOf(exitCode);
    const { environment } = session;
    console.log(JSON.stringify({ schemaVersion: 1, environment, result, checks: verdicts }));
  } else {
    printVerdicts(verdicts);
  }
  return exitCode;
}

/** Prints one line per check, then the explanation of each that is not proved. */
export function printVerdicts(verdicts: readonly Verdict[]): void {
  const colour = coloured(process.stdout);
  process.stdout.write(formatVerdicts(verdicts, colour));
  process.stdout.write(formatExplanations(verdicts, colour));
}

/** Asks every check of the stack at once, from the client's place. */
export async function verifySession(
  session: Session,
): Promise<{ verdicts: readonly Verdict[]; outputs: Readonly<Record<string, unknown>> }> {
  const { environment, workplace } = session;
  const up = `\`npm run up ${environment}\``;
  const outputs = await readOutputs(session);
  if (outputs === undefined || Object.keys(outputs).length === 0) {
    throw new CommandFault(`nothing is up in ${environment}`, `run ${up} first`, exitCodes.unknown);
  }
  if (!workplace.isUp()) {
    throw new CommandFault(
      "the lab does not run, so nothing can be asked from its client",
      `run ${up}: it starts the lab and the cluster again`,
      exitCodes.unknown,
    );
  }
  const requests = readChecks(outputs.checks, up);
  return { verdicts: await proveAll(session, requests, kubeconfigOf(outputs)), outputs };
}

/** The kubeconfig's path among a stack's outputs, made absolute; undefined when there is none. */
export function kubeconfigOf(outputs: Readonly<Record<string, unknown>>): string | undefined {
  const path = outputs.kubeconfigPath;
  if (typeof path !== "string") return undefined;
  const file = resolve(projectRoot, path);
  return existsSync(file) ? file : undefined;
}

/** The questions among a stack's outputs, with `verify`'s own deadline. */
export function readChecks(checks: unknown, up: string): ProbeRequest[] {
  const result = z.array(probeRequestSchema).min(1).safeParse(checks);
  if (result.success) {
    return result.data.map((request) => ({
      ...request,
      deadlineSeconds: Math.min(request.deadlineSeconds, deadlineSeconds),
    }));
  }
  throw new CommandFault(
    "the last up ended before anything was proved, so there is nothing to ask again",
    `run ${up} again; it goes on where it stopped`,
    exitCodes.unknown,
  );
}

const lineSchema = z.object({ index: z.int().nonnegative(), verdict: verdictSchema });

async function proveAll(
  session: Session,
  requests: readonly ProbeRequest[],
  kubeconfig: string | undefined,
): Promise<Verdict[]> {
  const argv = [...session.workplace.enter("client"), process.execPath, "cli/stack/proveAll.ts"];
  const [program = process.execPath, ...args] = argv;
  const { stdout, stderr } = await execa(program, args, {
    cwd: projectRoot,
    env: session.variables,
    extendEnv: false,
    reject: false,
    input: JSON.stringify({ requests, kubeconfig }),
  });
  const verdicts: Verdict[] = [];
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    const { index, verdict } = lineSchema.parse(JSON.parse(line));
    verdicts[index] = verdict;
  }
  const answered = verdicts.filter((verdict) => (verdict as Verdict | undefined) !== undefined);
  if (answered.length < requests.length) {
    throw new CommandFault(
      `the probe gave ${answered.length} of ${requests.length} verdicts: ${stderr.trim()}`,
      "run it again; if it stays so, `npm run check` tells whether the checkout is whole",
      exitCodes.unknown,
    );
  }
  return verdicts;
}
