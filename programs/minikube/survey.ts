/** What minikube and the driver know of a cluster. Only reads. */
import { UserError } from "../../messages/errors.ts";
import type { Profile } from "./answers.ts";
import { filesOf, readMarker } from "./files.ts";
import { type Machines, readMachines } from "./machines.ts";
import { findProfile } from "./minikube.ts";
import { type ClusterName, runsContainers } from "./request.ts";

/** A profile and the machines of its nodes. */
export interface Survey {
  /** Undefined when minikube has no profile of that name. */
  readonly profile: Profile | undefined;
  readonly machines: Machines;
}

/** Looks for a cluster. */
export async function survey(cluster: ClusterName): Promise<Survey> {
  const { profile, others } = await findProfile(cluster);
  const machines = await readMachines(cluster, others);
  // Once its profile is deleted, nothing of a cluster is left that another daemon could have.
  const isForgotten = !profile && !machines.known && machines.isReset === true;
  return {
    profile,
    machines: isForgotten ? { known: true, states: new Map(), ids: new Map() } : machines,
  };
}

/** The error for a cluster whose machines cannot be read. They may hold data. */
export function unreadable(
  { profile, driver }: ClusterName,
  { why, fix }: Extract<Machines, { known: false }>,
): UserError {
  const wasComplete = readMarker(filesOf({ profile }))?.state === "made";
  const start = `start ${driver} and check that \`minikube status --profile ${profile}\` answers`;
  // A virtual machine that was never defined has no state, and nothing to lose.
  const forget = `run \`minikube delete --profile ${profile}\`, since the cluster was never complete`;
  const advice = runsContainers(driver) || wasComplete ? start : forget;
  return new UserError(
    `the state of the cluster "${profile}" is unknown, because ${driver} gave no answer: ${why}. Nothing was deleted`,
    fix ?? advice,
  );
}
