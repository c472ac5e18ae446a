/** What this machine says about the nodes of a minikube cluster, before there are any. */
import { totalmem } from "node:os";

import type { KernelFindings } from "../../kube/kernel.ts";
import { isoFindings } from "../../programs/minikube/isoKernel.ts";
import { containerFindings, containersAreHere } from "../../programs/minikube/kernel.ts";

/** Facts about nodes for `PROVENET_MACHINE`. What is not known is left out. */
export interface NodesOfMachine {
  readonly architecture?: "amd64" | "arm64";
  readonly memoryMiB?: number;
  readonly containerKernel?: KernelFindings;
  readonly virtualKernel?: KernelFindings;
}

const architectures: Partial<Record<NodeJS.Architecture, "amd64" | "arm64">> = {
  x64: "amd64",
  arm64: "arm64",
};

/**
 * Reads the facts. Changes nothing.
 *
 * @param variables those of minikube, which may name a Docker on another machine
 * @param minikubeVersion such as `v1.38.1`, or undefined where it is not known
 */
export function nodesOfMachine(
  variables: NodeJS.ProcessEnv,
  minikubeVersion: string | undefined,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): NodesOfMachine {
  const architecture = containersAreHere(variables) ? architectures[arch] : undefined;
  // Docker Desktop gives its virtual machine only a part of the memory.
  const isShared = platform === "linux" && containersAreHere(variables);
  const containerKernel = containerFindings(variables, platform);
  const virtualKernel =
    minikubeVersion === undefined ? undefined : isoFindings(minikubeVersion, arch);
  return {
    ...(architecture && { architecture }),
    ...(isShared && { memoryMiB: Math.floor(totalmem() / 2 ** 20) }),
    ...(containerKernel && { containerKernel }),
    ...(virtualKernel && { virtualKernel }),
  };
}
