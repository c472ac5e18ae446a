/** The only module that connects the commands to the lab. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { ListrTask } from "listr2";

import {
  decide,
  describeLab,
  engineTools,
  findTool,
  findTools,
  hasDockerAndMinikube,
  measureColdBuild,
  networkTools,
  onPath,
  prepareTasks,
  purge,
  stopTasks,
  wakeTasks,
  type ColdBuild,
  type Decision,
  type Machine,
  type Place,
  type Purpose,
} from "../../lab/lab.ts";
import { type NodesOfMachine, nodesOfMachine } from "./machineFacts.ts";
import { projectRoot } from "./project.ts";

export { decide, engineTools, findTools, hasDockerAndMinikube, networkTools, onPath };
export { measureColdBuild };
export type { ColdBuild, Decision, Machine, Place, Purpose };

/** Where a command runs its programs: on the machine itself, or in the lab. */
export interface Workplace {
  /** Variables for every program that the commands start. */
  readonly env: Readonly<Record<string, string>>;
  /** The machine's facts for `PROVENET_MACHINE`. Read them after the preparation. */
  readonly machine: () => Machine & NodesOfMachine;
  /** Whether programs run in the lab's namespaces. */
  readonly inLab: boolean;
  /** Whether those namespaces exist. True without a lab. */
  readonly isUp: () => boolean;
  /** Argument prefix that runs a program in a place. Empty without a lab, or while it is down. */
  readonly enter: (place: Place) => readonly string[];
}

/**
 * The workplace for a decision. Only a minikube cluster runs in the lab. For any other kind the
 * machine itself is the client, and the folder of CRDs is its only fact.
 *
 * @param cluster the configured kind, and whether the stack's cluster is one that the lab makes
 */
export function workplaceFor(
  decision: Decision,
  stateHome: string,
  { kind, labCluster }: { readonly kind: string; readonly labCluster: boolean },
): Workplace {
  const lab = describeLab(decision, pulumiHome(decision, stateHome));
  const inLab = labCluster && lab.enter("client").length > 0;
  const isUp = () =>
    !inLab ||
    (["client", "router"] as const).every((place) =>
      lab
        .enter(place)
        .every((word) => existsSync(word.replace(/^--net=/, "")) || !word.startsWith("--net=")),
    );
  return {
    env: lab.env,
    machine: () => {
      const { crdsDirectory, ...others } = lab.machine();
      if (kind !== "minikube") return { crdsDirectory };
      const { version } = findTool(decision.tools, "minikube") ?? {};
      return {
        ...others,
        crdsDirectory,
        ...nodesOfMachine({ ...process.env, ...lab.env }, version),
      };
    },
    inLab,
    isUp,
    enter: (place) => (inLab && isUp() ? lab.enter(place) : []),
  };
}

/** An official engine keeps its plugins in the user's home. The lab's engine has a home in the project. */
function pulumiHome(decision: Decision, stateHome: string): string {
  if (!decision.officialPulumi) return stateHome;
  return process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
}

/** Steps that prepare the machine for a decision. */
export function preparation(
  decision: Decision,
  stateHome: string,
  signal: AbortSignal,
): ListrTask[] {
  return prepareTasks(decision, {
    project: projectRoot,
    pulumiHome: pulumiHome(decision, stateHome),
    signal,
    keepGoCaches: (process.env.PROVENET_KEEP_GO_CACHES ?? "") !== "",
  });
}

/** Steps that start the Docker of a lab whose daemon was killed. */
export function waking(decision: Decision): ListrTask[] {
  return wakeTasks(decision);
}

/** Steps that end the lab. */
export function ending(decision: Decision): ListrTask[] {
  return stopTasks(decision, projectRoot);
}

/** Removes the lab's data, and with `everything` also the built parts of all labs of this user. */
export async function removeLab(decision: Decision, everything: boolean): Promise<void> {
  await purge(decision, everything);
}
