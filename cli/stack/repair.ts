/** Repairs what would fail an update: what a killed run left behind, and a cluster that is gone. */
import { setTimeout as delay } from "node:timers/promises";

import type { Deployment } from "@pulumi/pulumi/automation/index.js";

import { UserError } from "../../messages/errors.ts";
import { type Finding, findingSchema } from "../../programs/minikube/request.ts";
import { clusterProgram } from "./clusterProgram.ts";
import { createStack } from "./openStack.ts";
import { assertNothingBegunInCloud } from "./pendingInCloud.ts";
import type { Session } from "./session.ts";
import { readState } from "./state.ts";

/** How long an API server may take to answer at a new address. */
const usualAnswerSeconds = 15;

/** Prints a line about something that is repaired. */
export type Tell = (line: string) => void;

/**
 * Makes the state fit for an update. Creates the stack when somebody removed it.
 *
 * @param answerSeconds how long an API server may take to answer at a new address. @default 15
 * @returns whether a cluster was started, whose pods need time until they answer
 */
export async function repair(
  session: Session,
  tell: Tell,
  answerSeconds: number = usualAnswerSeconds,
): Promise<boolean> {
  const exported = await dropPendingOperations(session, tell);
  if (exported !== undefined) return restoreCluster(session, exported, tell, answerSeconds);
  await createStack(session);
  return false;
}

/**
 * Drops operations that had begun when the engine was killed. The program can create each of its
 * resources over one that exists, except for those in a cloud. Other backends are left alone, because
 * others may use them.
 *
 * @returns the exported state, or undefined when there is no such stack
 * @throws {UserError} when a create in a cloud is unfinished
 */
export async function dropPendingOperations(
  { stack, stackName }: Session,
  tell: Tell,
): Promise<Deployment | undefined> {
  const exported = await stack.export();
  const [first] = exported === undefined ? [] : readState(exported).pending;
  if (exported === undefined || first === undefined || !stack.isInOwnBackend) return exported;
  assertNothingBegunInCloud(exported, stackName);
  const deployment = { ...(exported.deployment as object), pending_operations: [] };
  await stack.import({ ...exported, deployment });
  tell(
    `an earlier run was killed during ${first.split("::").at(-1) ?? first}, which is repeated now`,
  );
  return exported;
}

/** Starts the recorded cluster when it is stopped, and forgets it when it is gone. */
async function restoreCluster(
  session: Session,
  exported: Deployment,
  tell: Tell,
  answerSeconds: number,
): Promise<boolean> {
  if (!hasMinikube(exported)) return false;
  let finding = await find(session, exported);
  if (finding.state === "unreachable") {
    tell("no API server answers, so minikube writes the kubeconfig again");
    await clusterProgram(session, "update-context", { settings: finding.settings });
    finding = await findAnswering(session, exported, answerSeconds);
    if (finding.state === "running") return true;
  }
  if (finding.state === "lost") {
    tell(`the cluster is gone (${finding.why}), so it is removed from the state with its contents`);
    await session.stack.forget(finding.urn);
    return false;
  }
  if (finding.state !== "stopped" && finding.state !== "unreachable") return false;
  // Docker restarts the machines without their kubelet.
  tell(
    finding.state === "stopped"
      ? "starting the stopped cluster"
      : "the API server still does not answer, so minikube starts the cluster",
  );
  await clusterProgram(session, "resume", { settings: finding.settings });
  return true;
}

/**
 * Refuses to read a minikube cluster that does not answer. The engine would report each of its objects,
 * and advise to forget them.
 *
 * @throws {UserError} before the engine runs
 */
export async function assertReadable(session: Session): Promise<void> {
  const exported = await session.stack.export();
  if (exported === undefined || !hasMinikube(exported)) return;
  const finding = await find(session, exported);
  if (finding.state !== "unreachable" && finding.state !== "stopped") return;
  const { stackName } = session;
  throw new UserError(
    finding.state === "stopped"
      ? "the cluster is stopped, so its objects cannot be read"
      : "the cluster's API server does not answer, so its objects cannot be read",
    finding.state === "stopped"
      ? `run \`npm run up ${stackName}\`, which starts it`
      : `run \`npm run verify ${stackName}\`, which names the broken hop, or \`npm run up ${stackName}\``,
  );
}

const hasMinikube = (exported: Deployment) =>
  readState(exported).resources.some((urn) => urn.includes("provenet:cluster:MinikubeCluster"));

async function find(session: Session, exported: Deployment): Promise<Finding> {
  const answer = await clusterProgram(session, "find", { input: JSON.stringify(exported) });
  return findingSchema.parse(JSON.parse(answer));
}

/** Looks again for some seconds, as long as the API server does not answer. */
async function findAnswering(
  session: Session,
  exported: Deployment,
  seconds: number,
): Promise<Finding> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const finding = await find(session, exported);
    if (finding.state !== "unreachable" || Date.now() > deadline) return finding;
    await delay(1000);
  }
}
