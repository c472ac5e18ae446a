/** Deletes clusters. Nothing is deleted while the driver does not answer, nor what is not ours. */
import { UserError } from "../../messages/errors.ts";
import { filesOf, readMarker, removeFiles } from "./files.ts";
import { refuseForeign } from "./identity.ts";
import { deleteProfile } from "./minikube.ts";
import type { ClusterName } from "./request.ts";
import { survey, unreadable } from "./survey.ts";

/** Deletes the cluster and its files. Succeeds when there is none. */
export async function bringDown(cluster: ClusterName): Promise<void> {
  await deleteCluster(cluster);
  removeFiles(filesOf(cluster));
}

/** Deletes what an interrupted or failed run left of a cluster that no state knows. */
export async function sweep(cluster: ClusterName): Promise<boolean> {
  if (!readMarker(filesOf(cluster))) return false;
  await bringDown(cluster);
  return true;
}

/**
 * Deletes the profile and every machine of its nodes.
 *
 * @throws UserError when the driver does not answer, when it is another cluster, or when a machine is left
 */
export async function deleteCluster(cluster: ClusterName): Promise<void> {
  const before = await survey(cluster);
  if (!before.machines.known) throw unreadable(cluster, before.machines);
  await refuseForeign(cluster, before, "delete");
  const identified = before.machines.states;
  if (before.profile || identified.size > 0) {
    await deleteProfile(cluster, cluster.profile);
    // minikube leaves the network of several nodes behind, and the next cluster of this profile
    // would get it in place of its nodeNetwork. Deleting a profile that is gone removes the network.
    if (before.profile?.nodes.length !== 1) await deleteProfile(cluster, cluster.profile);
  }
  // minikube finds the workers in the profile's record only.
  for (const machine of await machinesOf(cluster)) {
    if (identified.has(machine)) await deleteProfile(cluster, machine);
  }
  const left = await machinesOf(cluster);
  if (left.length === 0) return;
  throw new UserError(
    `the cluster "${cluster.profile}" is not deleted: ${left.join(", ")} exists`,
    `delete it with ${cluster.driver}'s own program, then run this again`,
  );
}

async function machinesOf(cluster: ClusterName): Promise<string[]> {
  const { machines } = await survey(cluster);
  if (!machines.known) throw unreadable(cluster, machines);
  return [...machines.states.keys()];
}
