/** Makes the cluster's first node, or starts all nodes of a cluster that is stopped. */
import { clusterUid, openApi } from "../../kube/api.ts";
import { type NodeFacts, readNodes } from "../../kube/nodes.ts";
import { UserError } from "../../messages/errors.ts";
import type { Progress } from "./events.ts";
import { filesOf, type Marker, protectKubeconfig, readMarker, writeMarker } from "./files.ts";
import { refuseLackingKernel } from "./kernel.ts";
import { configureKubeProxy } from "./kubeProxy.ts";
import { daemonIdentity } from "./machines.ts";
import { start, tailLogs } from "./minikube.ts";
import { refuseOtherNetwork } from "./nodes.ts";
import { deleteCluster } from "./removal.ts";
import type { MinikubeRequest } from "./request.ts";
import { takeStock } from "./stock.ts";

/** How long a started API server may take to become ready. */
export const readySeconds = 60;

/**
 * Creates the cluster with its first node, or starts the existing cluster. Takes about a second when
 * there is nothing to do. Returns the nodes that there are.
 *
 * @throws UserError with the nodes' last log lines
 */
export async function bringUp(request: MinikubeRequest, progress: Progress): Promise<NodeFacts[]> {
  const files = filesOf(request);
  await refuseLackingKernel(request);
  const stock = await takeStock(request);
  if (stock === "half-made" || stock === "gone") {
    // A cluster that was never complete holds no data.
    const why = stock === "gone" ? "are gone" : "were never complete";
    progress(`the nodes of "${request.profile}" ${why}, so its profile is deleted`);
    await deleteCluster(request);
  }
  const isComplete = stock === "running" || stock === "stopped";
  if (stock !== "running" || !(await isReady(files.kubeconfig))) {
    const daemon = request.driver === "docker" ? await daemonIdentity() : undefined;
    const making: Marker = { profile: request.profile, state: "making", ...(daemon && { daemon }) };
    if (!isComplete) writeMarker(files, making);
    await startOrRetry(request, isComplete, progress);
    protectKubeconfig(files);
  }
  const api = openApi(files.kubeconfig);
  await api.waitUntilReady(readySeconds);
  const uid = await clusterUid(api);
  refuseOther(request, uid);
  const nodes = await readNodes(api);
  refuseOtherNetwork(request, nodes);
  await configureKubeProxy(request, api, progress);
  writeMarker(files, { profile: request.profile, ...readMarker(files), state: "made", uid });
  return nodes;
}

/**
 * Starts a stopped cluster, as after a restart of its host. Asks nothing of the API server, because
 * the routes to it may not be there yet. Only IPVS mode needs it, since the start may have undone
 * kube-proxy's settings.
 */
export async function resume(request: MinikubeRequest, progress: Progress): Promise<void> {
  await startOrRetry(request, true, progress);
  const files = filesOf(request);
  protectKubeconfig(files);
  if (request.kubeProxy.mode !== "ipvs") return;
  const api = openApi(files.kubeconfig);
  await api.waitUntilReady(readySeconds);
  await configureKubeProxy(request, api, progress);
}

async function isReady(kubeconfig: string): Promise<boolean> {
  try {
    await openApi(kubeconfig).waitUntilReady(3);
    return true;
  } catch {
    return false;
  }
}

/** Deletes and repeats a failed start of a cluster that was never complete. */
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
    await deleteCluster(request);
    await start(request, progress);
  }
}

/** Refuses a cluster that somebody made under the name of a deleted one. */
function refuseOther(request: MinikubeRequest, uid: string): void {
  const made = readMarker(filesOf(request));
  if (made?.state !== "made" || made.uid === undefined || made.uid === uid) return;
  throw new UserError(
    `"${request.profile}" is another cluster (UID ${uid}) than the one that this project made (UID ${made.uid})`,
    `run \`minikube delete --profile ${request.profile}\`, or change provenet:cluster.profile`,
  );
}
