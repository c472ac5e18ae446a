/** `npm run verify`: repeats every proof of the last `up`. */
import { existsSync } from "node:fs";

import { execa } from "execa";
import { z } from "zod";

import { stackOutputsSchema, type StackOutputs } from "../../components/verification/outputs.ts";
import { expandPath } from "../../kube/kubeconfig.ts";
import type { Pin } from "../../kube/pin.ts";
import { exitCodes, UserError } from "../../messages/errors.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import { verdictSchema, type Verdict } from "../../probe/verdict.ts";
import { exitCodeOfAll, formatExplanations, formatVerdicts, resultOf } from "../report/summary.ts";
import { coloured } from "../report/terminal.ts";
import { projectRoot } from "../stack/project.ts";
import { openSession, type Session } from "../stack/session.ts";
import { assertDockerAnswers } from "../stack/upRecord.ts";

/** Leaves room for start-up within the ten seconds that a verification may take. */
const deadlineSeconds = 7;

/** Deadlines in `up`, by whether it started the cluster. Restarted pods need a minute on two cores. */
const upSeconds = { started: 300, running: 60 } as const;

/** Runs the command and returns its exit code. */
export async function verify(
  named: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const session = await openSession(named, "cluster");
  assertDockerAnswers(session, exitCodes.unknown);
  const { verdicts } = await verifySession(session);
  const exitCode = exitCodeOfAll(verdicts);
  if (json) {
    const { stackName } = session;
    const result = resultOf(exitCode);
    console.log(JSON.stringify({ schemaVersion: 1, stack: stackName, result, checks: verdicts }));
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

/**
 * Sends all requests of the stack at once, from the client.
 *
 * @param requestsOf the requests with their deadlines. @default those of `verify`
 */
export async function verifySession(
  session: Session,
  requestsOf: (request: ProbeRequest) => ProbeRequest = withDeadline,
): Promise<{ verdicts: readonly Verdict[]; outputs: StackOutputs }> {
  const { stackName, workplace, stack } = session;
  const up = `\`npm run up ${stackName}\``;
  const values = await stack.outputs();
  if (values === undefined || Object.keys(values).length === 0) {
    throw new UserError(`nothing is up in ${stackName}`, `run ${up} first`, exitCodes.unknown);
  }
  if (!workplace.isUp()) {
    throw new UserError(
      "the lab does not run, so its client cannot send requests",
      `run ${up}, which starts the lab and the cluster again`,
      exitCodes.unknown,
    );
  }
  const outputs = readOutputs(values, up);
  const requests = outputs.requests.map((request) => requestsOf(request));
  return { verdicts: await proveAll(session, requests, clusterOf(values)), outputs };
}

/** How the commands reach a stack's cluster: an absolute path, and what `up` recorded. */
export interface RecordedCluster extends Pin {
  readonly kubeconfig: string;
  readonly context: string;
  readonly uid: string;
}

const clusterOutputs = stackOutputsSchema.pick({
  kubeconfigPath: true,
  kubeconfigContext: true,
  clusterUid: true,
});

/** The cluster among a stack's outputs. Undefined when its kubeconfig does not exist. */
export function clusterOf(outputs: unknown): RecordedCluster | undefined {
  const result = clusterOutputs.safeParse(outputs);
  if (!result.success) return undefined;
  const { kubeconfigPath, kubeconfigContext: context, clusterUid: uid } = result.data;
  const kubeconfig = expandPath(kubeconfigPath, projectRoot);
  return existsSync(kubeconfig) ? { kubeconfig, context, uid } : undefined;
}

/**
 * The request with a deadline of `up`. Nodes that were restarted, by anybody, have pods that do not
 * answer yet.
 */
export function withDeadlineOfUp(request: ProbeRequest, isStarted: boolean): ProbeRequest {
  return { ...request, deadlineSeconds: isStarted ? upSeconds.started : upSeconds.running };
}

/** The request with the deadline of `verify`, unless its own is shorter. */
export function withDeadline(request: ProbeRequest): ProbeRequest {
  return {
    ...request,
    deadlineSeconds: Math.min(request.deadlineSeconds ?? deadlineSeconds, deadlineSeconds),
  };
}

/**
 * The outputs of a stack that is up.
 *
 * @throws {UserError} when the last up ended before its proofs
 */
export function readOutputs(values: unknown, up: string): StackOutputs {
  const result = stackOutputsSchema.safeParse(values);
  if (result.success && result.data.requests.length > 0) return result.data;
  throw new UserError(
    "the last up ended before anything was proved, so there is nothing to verify",
    `run ${up} again. It continues where it stopped`,
    exitCodes.unknown,
  );
}

const refusedSchema = z.object({ refused: z.object({ message: z.string(), fix: z.string() }) });
const lineSchema = z.union([
  refusedSchema,
  z.object({ index: z.int().nonnegative(), verdict: verdictSchema }),
]);

async function proveAll(
  { workplace }: Session,
  requests: readonly ProbeRequest[],
  cluster: RecordedCluster | undefined,
): Promise<Verdict[]> {
  const { kubeconfig, ...pin } = cluster ?? { kubeconfig: undefined };
  const argv = [...workplace.enter("client"), process.execPath, "cli/stack/proveAll.ts"];
  const [program = process.execPath, ...args] = argv;
  const { stdout, stderr } = await execa(program, args, {
    cwd: projectRoot,
    env: workplace.variables(),
    extendEnv: false,
    reject: false,
    input: JSON.stringify({ requests, kubeconfig, pin }),
  });
  const verdicts: Verdict[] = [];
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    const parsed = lineSchema.parse(JSON.parse(line));
    if ("refused" in parsed) {
      const { message, fix } = parsed.refused;
      throw new UserError(message, fix, exitCodes.unknown);
    }
    verdicts[parsed.index] = parsed.verdict;
  }
  const answered = verdicts.filter((verdict) => (verdict as Verdict | undefined) !== undefined);
  if (answered.length < requests.length) {
    throw new UserError(
      `the probe returned ${answered.length} of ${requests.length} verdicts: ${stderr.trim()}`,
      "run this again. If it repeats, `npm run check` shows whether the checkout is complete",
      exitCodes.unknown,
    );
  }
  return verdicts;
}
