/** Makes the cluster's first node, or starts all nodes of a cluster that is stopped. */
import { randomUUID } from "node:crypto";

import { clusterUid, openApi } from "../../kube/api.ts";
import { type NodeFacts, readNodes } from "../../kube/nodes.ts";
import { UserError } from "../../messages/errors.ts";
import type { Progress } from "./events.ts";
import { filesOf, type Marker, protectKubeconfig, readMarker, writeMarker } from "./files.ts";
import { recordMachines, refuseForeign, uidNow } from "./identity.ts";
import { refuseLackingKernel } from "./kernel.ts";
import { configureKubeProxy } from "./kubeProxy.ts";
import { daemonIdentity } from "./machines.ts";
import { start, tailLogs } from "./minikube.ts";
import { refuseOtherNetwork } from "./nodes.ts";
import { deleteCluster } from "./removal.ts";
import { type MinikubeRequest, runsContainers } from "./request.ts";
import { takeStock } from "./stock.ts";
import { survey } from "./survey.ts";

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
  if (stock !== "running" || !(await isReady(request))) {
    if (isComplete) await restart(request, progress);
    else await create(request, progress);
    protectKubeconfig(files);
  }
  const api = openApi(files.kubeconfig, { context: request.profile });
  await api.waitUntilReady(readySeconds);
  const uid = await clusterUid(api);
  refuseOther(request, uid);
  const nodes = await readNodes(api);
  const made = async () => {
    writeMarker(files, { profile: request.profile, ...readMarker(files), state: "made", uid });
    await recordMachines(
      request,
      nodes.map(({ name }) => name),
    );
  };
  // A virtual machine stays when the setting is corrected to its network. A container does not.
  if (!runsContainers(request.driver)) await made();
  refuseOtherNetwork(request, nodes);
  await configureKubeProxy(request, api, progress);
  await made();
  return nodes;
}

/**
 * Starts a stopped cluster, as after a restart of its host. Expects no answer of the API server,
 * because the routes to it may not be there yet. Only IPVS mode needs it, since the start may have
 * undone kube-proxy's settings.
 */
export async function resume(request: MinikubeRequest, progress: Progress): Promise<void> {
  await refuseForeign(request, await survey(request), "start");
  await restart(request, progress);
  protectKubeconfig(filesOf(request));
  const uid = await uidNow(request);
  if (uid !== undefined) refuseOther(request, uid);
  if (request.kubeProxy.mode !== "ipvs") return;
  const api = openApi(filesOf(request).kubeconfig, { context: request.profile });
  await api.waitUntilReady(readySeconds);
  await configureKubeProxy(request, api, progress);
}

async function isReady({ profile }: MinikubeRequest): Promise<boolean> {
  try {
    await openApi(filesOf({ profile }).kubeconfig, { context: profile }).waitUntilReady(3);
    return true;
  } catch {
    return false;
  }
}

/** Creates the cluster. Deletes what a failed start left, and tries once more. */
async function create(request: MinikubeRequest, progress: Progress): Promise<void> {
  const daemon = request.driver === "docker" ? await daemonIdentity() : undefined;
  const token = randomUUID();
  const making: Marker = { profile: request.profile, state: "making", token };
  writeMarker(filesOf(request), { ...making, ...(daemon && { daemon }) });
  try {
    await start(request, progress, token);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const logs = await tailLogs(request);
    progress(`${error.message}\n${logs}\ndeleting the cluster and starting once more`);
    // There was no machine before, so this one is ours.
    await recordMachines(request, [request.profile]);
    await deleteCluster(request);
    await start(request, progress, token);
  }
}

/** Starts a complete cluster. minikube resets a control plane that it cannot restart. */
async function restart(request: MinikubeRequest, progress: Progress): Promise<void> {
  const resets: string[] = [];
  const watched: Progress = (line) => {
    if (line.includes("will reset cluster")) resets.push(line);
    progress(line);
  };
  const lost = `minikube could not restart the control plane of "${request.profile}" and reset it, so the cluster's data is lost`;
  const startOver = `run \`minikube delete --profile ${request.profile}\`, then run up again`;
  try {
    await start(request, watched);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const said = `${error.message}\n${await tailLogs(request)}`;
    if (resets.length > 0) throw new UserError(`${said}\n${lost}.`, startOver);
    throw new UserError(
      `${said}\nThe machines are kept, and minikube reported no reset of the cluster.`,
      "run up again, or delete the cluster with `npm run down`",
    );
  }
  if (resets.length > 0) throw new UserError(lost, startOver);
}

/** Refuses a cluster that somebody made under the name of a deleted one, or that minikube reset. */
function refuseOther({ profile }: MinikubeRequest, uid: string): void {
  const made = readMarker(filesOf({ profile }));
  if (made?.state !== "made" || made.uid === undefined || made.uid === uid) return;
  throw new UserError(
    `"${profile}" is another cluster (UID ${uid}) than the one that this project made (UID ${made.uid}). ` +
      "Either somebody replaced it, or minikube reset it",
    `run \`minikube delete --profile ${profile}\` if nobody needs it, or change provenet:cluster.profile`,
  );
}
