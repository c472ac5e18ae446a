/** The one place where the commands meet the lab. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { ListrTask } from "listr2";

import {
  decide,
  describeLab,
  engineTools,
  LabFault,
  networkTools,
  prepareTasks,
  purge,
  stopTasks,
  type Decision,
  type Purpose,
} from "../../lab/lab.ts";
import { CommandFault } from "../report/fault.ts";
import { projectRoot } from "./project.ts";

export { decide, engineTools, networkTools };
export type { Decision, Purpose };

/** Where a command works: on the machine itself, or in the lab. */
export interface Workplace {
  /** Variables for every program that the commands start. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stack configuration that differs from the committed file, once the lab is prepared. */
  readonly overlay: () => Readonly<Record<string, unknown>>;
  /** Whether the work is done inside namespaces of the lab. */
  readonly inLab: boolean;
  /** Whether those namespaces are there; true without a lab. */
  readonly isUp: () => boolean;
  /** Argument prefix that runs a program there; empty without a lab, or where it is not up. */
  readonly enter: (namespace: "client" | "lab") => readonly string[];
}

/**
 * The workplace for a decision. Only minikube's cluster lives in the lab: for any other kind the
 * machine itself is the client, and of the overlay only the definitions' folder is of use.
 */
export function workplaceFor(decision: Decision, stateHome: string, kind: string): Workplace {
  const lab = describeLab(decision, pulumiHome(decision, stateHome));
  const inLab = kind === "minikube" && lab.enter("client").length > 0;
  const isUp = () =>
    !inLab ||
    (["client", "lab"] as const).every((namespace) =>
      lab
        .enter(namespace)
        .every((word) => existsSync(word.replace(/^--net=/, "")) || !word.startsWith("--net=")),
    );
  return {
    environment: lab.environment,
    overlay: () => {
      const { definitionsDirectory, ...others } = lab.overlay();
      return { definitionsDirectory, ...(kind === "minikube" ? others : {}) };
    },
    inLab,
    isUp,
    enter: (namespace) => (inLab && isUp() ? lab.enter(namespace) : []),
  };
}

/** An official engine keeps its plugins where it always does; the lab's has a home in the project. */
function pulumiHome(decision: Decision, stateHome: string): string {
  if (!decision.officialPulumi) return stateHome;
  return process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
}

/** The steps that make the machine ready for what was decided. */
export function preparation(
  decision: Decision,
  stateHome: string,
  signal: AbortSignal,
): ListrTask[] {
  return prepareTasks(decision, {
    project: projectRoot,
    pulumiHome: pulumiHome(decision, stateHome),
    signal,
    keepGoCaches: (process.env["PROVENET_KEEP_GO_CACHES"] ?? "") !== "",
  });
}

/** The steps that end the lab. */
export function ending(decision: Decision): ListrTask[] {
  return stopTasks(decision, { project: projectRoot });
}

/** Removes the lab's data; with `everything` also what was built, for all labs of this user. */
export async function removeLab(decision: Decision, everything: boolean): Promise<void> {
  await purge(decision, everything);
}

/** What the lab complains about, as a fault; its messages carry their remedy themselves. */
export function faultOfLab(error: unknown): unknown {
  return error instanceof LabFault ? new CommandFault(error.message, "") : error;
}
