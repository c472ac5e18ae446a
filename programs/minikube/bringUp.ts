import { type ClusterNode, listNodes, waitUntilReady } from "../../kube/api.ts";
import { readConnection } from "../../kube/kubeconfig.ts";
import type { Progress } from "./events.ts";
import { filesOf, protectKubeconfig, readMarker, removeFiles, writeMarker } from "./files.ts";
import {
  MinikubeError,
  deleteProfile,
  findProfile,
  hostState,
  start,
  tailLogs,
} from "./minikube.ts";
import { label, nodesElsewhere, resize } from "./nodes.ts";
import type { MinikubeRequest } from "./request.ts";

/** How long a started API server may take to say that it is ready. */
const readySeconds = 60;

/**
 * Makes the cluster what the settings say: creates it, starts it when it stands still, resizes it
 * and labels its nodes. Repeating it costs about a second when there is nothing to do.
 *
 * @throws MinikubeError when that cannot be done, with the nodes' last log lines.
 */
export async function bringUp(
  settings: MinikubeRequest,
  progress: Progress,
): Promise<ClusterNode[]> {
  const files = filesOf(settings);
  const isWhole = readMarker(files)?.state === "made";
  const state = await takeStock(settings, progress);

  if (state !== "running" || !(await isReady(files.kubeconfig))) {
    if (!isWhole) writeMarker(files, { profile: settings.profile, state: "making" });
    await startOrRetry(settings, isWhole, progress);
    protectKubeconfig(files);
  }
  const connection = readConnection(files.kubeconfig);
  await waitUntilReady(connection, readySeconds);
  await resize(settings, progress);
  const nodes = await listNodes(connection);
  await refuseOtherNetwork(settings, nodes, isWhole);
  await label(settings, connection, nodes);
  writeMarker(files, { profile: settings.profile, state: "made" });
  return nodes;
}

/**
 * Starts a whole cluster that stands still, as after a restart of its host. Asks nothing of its API
 * server, which routes that the program is yet to put back may lead to.
 */
export async function resume(settings: MinikubeRequest, progress: Progress): Promise<void> {
  await startOrRetry(settings, true, progress);
  protectKubeconfig(filesOf(settings));
}

/** Finds what is there; clears away the rest of a cluster whose hosts are gone. */
async function takeStock(
  settings: MinikubeRequest,
  progress: Progress,
): Promise<"none" | "stopped" | "running"> {
  const profile = await findProfile(settings);
  if (!profile) return "none";
  if (!readMarker(filesOf(settings))) {
    throw new MinikubeError(
      `a minikube cluster named "${settings.profile}" is there, and this project did not make it; delete it (minikube delete --profile ${settings.profile}) or set another provenet:cluster.profile`,
    );
  }
  const state = profile.readable ? await hostState(settings) : "gone";
  if (state !== "gone") return state;
  progress(`the nodes of "${settings.profile}" are gone: clearing away what is left`);
  await deleteProfile(settings);
  return "none";
}

async function isReady(kubeconfig: string): Promise<boolean> {
  try {
    await waitUntilReady(readConnection(kubeconfig), 3);
    return true;
  } catch {
    return false;
  }
}

/** A cluster that was never whole holds nothing: it is deleted and started once more. */
async function startOrRetry(
  settings: MinikubeRequest,
  isWhole: boolean,
  progress: Progress,
): Promise<void> {
  try {
    await start(settings, progress);
  } catch (error) {
    if (!(error instanceof MinikubeError)) throw error;
    const logs = await tailLogs(settings);
    if (isWhole) {
      throw new MinikubeError(
        `${error.message}\n${logs}\nIts data was left alone. To build it anew: npm run down, then npm run up`,
      );
    }
    progress(`${error.message}\n${logs}\ndeleting it and starting once more`);
    await deleteProfile(settings);
    await start(settings, progress);
  }
}

/** minikube takes the next network when the one asked for is in use; then nothing would be right. */
async function refuseOtherNetwork(
  settings: MinikubeRequest,
  nodes: readonly ClusterNode[],
  isWhole: boolean,
): Promise<void> {
  const elsewhere = nodesElsewhere(settings, nodes);
  if (elsewhere.length === 0) return;
  if (!isWhole) {
    await deleteProfile(settings);
    removeFiles(filesOf(settings));
  }
  const found = elsewhere.map(({ name, address }) => `${name} at ${address}`).join(", ");
  throw new MinikubeError(
    `minikube did not use ${settings.nodeNetwork} but put ${found}: something else has that network; free it (docker network ls, ip route) or set another provenet:cluster.nodeNetwork`,
  );
}

/** Deletes the cluster and its files; one that is gone already is fine. */
export async function bringDown(settings: MinikubeRequest): Promise<void> {
  if (await findProfile(settings)) await deleteProfile(settings);
  removeFiles(filesOf(settings));
}
