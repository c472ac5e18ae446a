/** What the kernels of minikube's nodes can do, before and after there are nodes. */
import { release } from "node:os";

import {
  type KernelFacts,
  type KernelFindings,
  kernelFactsOf,
  kernelLacks,
} from "../../kube/kernel.ts";
import type { NodeFacts } from "../../kube/nodes.ts";
import { UserError } from "../../messages/errors.ts";
import { describeFaults } from "../../messages/faults.ts";
import { isoFindings } from "./isoKernel.ts";
import { version } from "./minikube.ts";
import { type MinikubeRequest, runsContainers } from "./request.ts";
import { findingsIn, runningKernel } from "./thisKernel.ts";

/** Variables that name a driver's engine when it may be on another machine. */
const engineVariables = ["DOCKER_HOST", "CONTAINER_HOST"];

/** Whether the variables leave the containers of Docker and Podman on this machine. */
export function containersAreHere(variables: NodeJS.ProcessEnv): boolean {
  return engineVariables.every((name) => /^(?:$|unix:)/.test(variables[name] ?? ""));
}

/** What this machine's kernel can do for nodes in containers. Undefined where they have another one. */
export function containerFindings(
  variables: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): KernelFindings | undefined {
  const isShared = platform === "linux" && containersAreHere(variables);
  return isShared ? findingsIn(runningKernel) : undefined;
}

/** What the kernel of the request's nodes can do. Undefined when nothing is known. */
async function findingsFor(request: MinikubeRequest): Promise<KernelFindings | undefined> {
  if (runsContainers(request.driver)) return containerFindings();
  return isoFindings(await version(request));
}

/**
 * Refuses a cluster whose nodes' kernel lacks what its settings need. Changes nothing.
 *
 * @throws UserError
 */
export async function refuseLackingKernel(request: MinikubeRequest): Promise<void> {
  const { mode } = request.kubeProxy;
  const lacks = kernelLacks(mode, await findingsFor(request));
  if (lacks.length === 0) return;
  const faults = lacks.map(({ key, why }) => ({
    propertyPath: `provenet:cluster.${key}`,
    reason: why,
  }));
  throw new UserError(
    `the nodes of "${request.profile}" cannot run what they should:\n${describeFaults(faults)}`,
    lacks.map(({ key, instead }) => `${instead} in provenet:cluster.${key}`).join("; "),
  );
}

/**
 * What the kernels of running nodes can do. Everything is unknown when a node in a container reports
 * another kernel than this machine's, as with Docker in a virtual machine.
 */
export async function readKernelFacts(
  request: MinikubeRequest,
  nodes: readonly Pick<NodeFacts, "kernelVersion">[],
): Promise<KernelFacts> {
  const isElsewhere =
    runsContainers(request.driver) &&
    nodes.some(({ kernelVersion }) => kernelVersion !== release());
  return kernelFactsOf(isElsewhere ? undefined : await findingsFor(request));
}
