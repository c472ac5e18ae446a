/** What there is of a cluster on this machine: minikube's profile, its machines and our marker. */
import { UserError } from "../../messages/errors.ts";
import type { Profile } from "./answers.ts";
import { filesOf, readMarker } from "./files.ts";
import { type Machines, readMachines } from "./machines.ts";
import { findProfile } from "./minikube.ts";
import type { ClusterName } from "./request.ts";

/** A profile and the machines of its nodes. */
export interface Survey {
  /** Undefined when minikube has no profile of that name. */
  readonly profile: Profile | undefined;
  readonly machines: Machines;
}

/** Looks for a cluster. Only reads. */
export async function survey(cluster: ClusterName): Promise<Survey> {
  const [profile, machines] = await Promise.all([findProfile(cluster), readMachines(cluster)]);
  return { profile, machines };
}

/**
 * `none`: nothing is there. `half-made`: it was never complete, so it holds no data. `gone`: it was
 * complete, and every machine is provably gone. `stopped`: one of its machines does not run.
 */
export type Stock = "none" | "half-made" | "gone" | "stopped" | "running";

/**
 * Judges a cluster by its profile, its machines and the marker of this project.
 *
 * @throws UserError when it is foreign, or when it may hold data that nobody can ask about
 */
export async function takeStock(cluster: ClusterName): Promise<Stock> {
  const { profile, machines } = await survey(cluster);
  const marker = readMarker(filesOf(cluster));
  if (!profile) return "none";
  if (!marker) {
    throw new UserError(
      `minikube already has a cluster "${cluster.profile}", which this project did not make`,
      `run \`minikube delete --profile ${cluster.profile}\`, or change provenet:cluster.profile`,
    );
  }
  if (!machines.known) throw unreadable(cluster, machines.why);
  if (marker.state === "making") return "half-made";
  return stateOf(cluster, { profile, machines });
}

/** The state of a cluster that was complete. */
export function stateOf(
  cluster: ClusterName,
  { profile, machines }: Survey,
): "gone" | "stopped" | "running" {
  if (!machines.known) throw unreadable(cluster, machines.why);
  const { states } = machines;
  if (states.size === 0) return "gone";
  const found = [...states.keys()].join(", ");
  const startOver = "run `npm run down`, which deletes all of it, then `npm run up`";
  if (profile?.readable !== true) {
    throw new UserError(
      `minikube cannot read its profile "${cluster.profile}", but ${found} exists`,
      `restore the profile's config.json in minikube's home. Or ${startOver}`,
    );
  }
  if (!states.has(cluster.profile)) {
    throw new UserError(
      `the control plane of "${cluster.profile}" is gone, but ${found} exists`,
      startOver,
    );
  }
  return [...states.values()].every((state) => state === "running") ? "running" : "stopped";
}

/** The error for a cluster whose machines cannot be asked about. They may hold data. */
export function unreadable({ profile, driver }: ClusterName, why: string): UserError {
  return new UserError(
    `the state of the cluster "${profile}" is unknown, because ${driver} gave no answer: ${why}`,
    `start ${driver} and check that \`minikube status --profile ${profile}\` answers. Nothing was deleted`,
  );
}
