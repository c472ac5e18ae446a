/** Judges what there is of a cluster on this machine by minikube, the driver and our marker. */
import { UserError } from "../../messages/errors.ts";
import { filesOf, readMarker } from "./files.ts";
import { refuseForeign } from "./identity.ts";
import type { ClusterName } from "./request.ts";
import { type Survey, survey, unreadable } from "./survey.ts";

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
  const found = await survey(cluster);
  const { profile, machines } = found;
  if (!machines.known) throw unreadable(cluster, machines);
  if (!profile && machines.states.size === 0) return "none";
  await refuseForeign(cluster, found, "start");
  if (readMarker(filesOf(cluster))?.state === "making") return "half-made";
  return stateOf(cluster, found);
}

/** The state of a cluster that was complete. */
export function stateOf(
  cluster: ClusterName,
  { profile, machines }: Survey,
): "gone" | "stopped" | "running" {
  if (!machines.known) throw unreadable(cluster, machines);
  const { states } = machines;
  if (states.size === 0) return "gone";
  const found = [...states.keys()].join(", ");
  const startOver = "run `npm run down`, which deletes all of it, then `npm run up`";
  if (!profile) {
    throw new UserError(
      `minikube has no profile "${cluster.profile}", but ${found} exists`,
      `run this as the user who created it, with the same MINIKUBE_HOME. Or ${startOver}`,
    );
  }
  if (!profile.readable) {
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
