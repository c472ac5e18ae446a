import { openApi } from "../../kube/api.ts";
import { type NodeFacts, readNodes } from "../../kube/nodes.ts";
import { UserError } from "../../messages/errors.ts";
import type { Progress } from "./events.ts";
import { filesOf, protectKubeconfig, readMarker, removeFiles, writeMarker } from "./files.ts";
import { refuseLackingKernel } from "./kernel.ts";
import { configureKubeProxy } from "./kubeProxy.ts";
import { deleteProfile, findProfile, hostState, start, tailLogs, unreadable } from "./minikube.ts";
import { label, nodesElsewhere, resize } from "./nodes.ts";
import type { MinikubeRequest } from "./request.ts";

/** How long a started API server may take to become ready. */
const readySeconds = 60;

/**
 * Creates the cluster, or starts, resizes and labels an existing one. Takes about a second when
 * there is nothing to do.
 *
 * @throws UserError with the nodes' last log lines
 */
export async function bringUp(request: MinikubeRequest, progress: Progress): Promise<NodeFacts[]> {
  const files = filesOf(request);
  const isComplete = readMarker(files)?.state === "made";
  await refuseLackingKernel(request);
  const state = await takeStock(request, progress);

  if (state !== "running" || !(await isReady(files.kubeconfig))) {
    if (!isComplete) writeMarker(files, { profile: request.profile, state: "making" });
    await startOrRetry(request, isComplete, progress);
    protectKubeconfig(files);
  }
  const api = openApi(files.kubeconfig);
  await api.waitUntilReady(readySeconds);
  await configureKubeProxy(request, api, progress);
  await resize(request, progress);
  const nodes = await readNodes(api);
  await refuseOtherNetwork(request, nodes, isComplete);
  await label(request, api, nodes);
  writeMarker(files, { profile: request.profile, state: "made" });
  return readNodes(api);
}

/**
 * Starts a stopped cluster, as after a restart of its host. Asks nothing of the API server, because
 * the routes to it may not be there yet.
 */
export async function resume(request: MinikubeRequest, progress: Progress): Promise<void> {
  await startOrRetry(request, true, progress);
  protectKubeconfig(filesOf(request));
}

/** Deletes the cluster and its files. Succeeds when there is none. */
export async function bringDown(request: MinikubeRequest): Promise<void> {
  if (await findProfile(request)) await deleteProfile(request);
  removeFiles(filesOf(request));
}

/** The state of the cluster. Deletes the profile of a cluster without data. */
async function takeStock(
  request: MinikubeRequest,
  progress: Progress,
): Promise<"none" | "stopped" | "running"> {
  const profile = await findProfile(request);
  if (!profile) return "none";
  const marker = readMarker(filesOf(request));
  if (!marker) {
    throw new UserError(
      `minikube already has a cluster "${request.profile}", which this project did not make`,
      `run \`minikube delete --profile ${request.profile}\`, or change provenet:cluster.profile`,
    );
  }
  const state = profile.readable ? await hostState(request) : "gone";
  if (state === "running" || state === "stopped") return state;
  if (state === "unreadable" && marker.state === "made") throw unreadable(request);
  // A cluster that was never complete holds no data.
  const why = state === "gone" ? "are gone" : "were never complete";
  progress(`the nodes of "${request.profile}" ${why}, so its profile is deleted`);
  await deleteProfile(request);
  return "none";
}

async function isReady(kubeconfig: string): Promise<boolean> {
  try {
    await openApi(kubeconfig).waitUntilReady(3);
    return true;
  } catch {
    return false;
  }
}

/** A cluster that was never complete holds no data, so it may be deleted for a second attempt. */
async function startOrRetry(
  request: MinikubeRequest,
  isComplete: boolean,
  progress: Progress,
): Promise<void> {
  try {
    await start(request, progress);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const logs = await tailLogs(request);
    if (isComplete) {
      throw new UserError(
        `${error.message}\n${logs}\nThe cluster's data is untouched.`,
        "run up again, or delete the cluster with `npm run down`",
      );
    }
    progress(`${error.message}\n${logs}\ndeleting the cluster and starting once more`);
    await deleteProfile(request);
    await start(request, progress);
  }
}

/** minikube silently takes another network when the requested one is in use. */
async function refuseOtherNetwork(
  request: MinikubeRequest,
  nodes: readonly NodeFacts[],
  isComplete: boolean,
): Promise<void> {
  const elsewhere = nodesElsewhere(request, nodes);
  if (elsewhere.length === 0) return;
  if (!isComplete) {
    await deleteProfile(request);
    removeFiles(filesOf(request));
  }
  const found = elsewhere.map(({ name, address }) => `${name} at ${address}`).join(", ");
  throw new UserError(
    `minikube did not use ${request.nodeNetwork} but put ${found}, because the network is in use`,
    "find its user with `docker network ls` and `ip route`, or change provenet:cluster.nodeNetwork",
  );
}
