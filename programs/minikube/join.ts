/** Brings a running cluster to its number of nodes, and waits until each of them is Ready. */
import { setTimeout as delay } from "node:timers/promises";

import { type KubernetesApi, openApi } from "../../kube/api.ts";
import { type NodeFacts, readNodes, readReadiness } from "../../kube/nodes.ts";
import { CouldNotAsk, UserError } from "../../messages/errors.ts";
import { readySeconds } from "./bringUp.ts";
import type { Progress } from "./events.ts";
import { filesOf } from "./files.ts";
import { refuseForeign } from "./identity.ts";
import { configureKubeProxy } from "./kubeProxy.ts";
import { machineName } from "./answers.ts";
import { addNode, deleteNode, deleteProfile, start, tailKubelet } from "./minikube.ts";
import { label, nodePath, refuseOtherNetwork } from "./nodes.ts";
import { type MinikubeRequest, runsContainers } from "./request.ts";
import { survey, unreadable } from "./survey.ts";
import { drain, keep } from "./drain/drain.ts";
import { refuseOnlyReplicas } from "./drain/onlyReplicas.ts";

/** How long the nodes may take from joining to Ready. Their images may have to be downloaded. */
const nodesReadySeconds = 600;

/**
 * Adds, repairs, removes and labels nodes until they are the requested ones.
 *
 * @throws UserError with the kubelet's last lines when a node does not become Ready
 */
export async function joinNodes(
  request: MinikubeRequest,
  progress: Progress,
): Promise<NodeFacts[]> {
  const api = openApi(filesOf(request).kubeconfig, { context: request.profile });
  await api.waitUntilReady(readySeconds);
  await refuseForeign(request, await survey(request), "delete");
  await repairNodes(request, api, progress);
  await removeNodes(request, api, progress);
  await addNodes(request, progress);
  const joined = await readNodes(api);
  refuseOtherNetwork(request, joined);
  await label(request, api, joined);
  await waitUntilReady(request, api, progress);
  return readNodes(api);
}

/** The profile's nodes and the machines that exist. */
async function nodesOf(request: MinikubeRequest) {
  const { profile, machines } = await survey(request);
  if (!machines.known) throw unreadable(request, machines);
  const names = (profile?.nodes ?? []).map((node) => ({
    node,
    machine: machineName(request.profile, node),
  }));
  return { nodes: names, machines: machines.states };
}

/** Makes the staying nodes again that have no machine or are not in the API. */
async function repairNodes(
  request: MinikubeRequest,
  api: KubernetesApi,
  progress: Progress,
): Promise<void> {
  const { nodes, machines } = await nodesOf(request);
  const joined = await namesOf(api);
  const isBroken = ({ machine }: { machine: string }) =>
    !machines.has(machine) || !joined.has(machine);
  // minikube deletes a leaving node that has a machine. It needs no other.
  const broken = nodes.filter(
    ({ machine }, position) =>
      isBroken({ machine }) && (position < request.nodes || !machines.has(machine)),
  );
  let needsStart = false;
  for (const { node, machine } of broken) {
    const why = machines.has(machine) ? "is not a node of the cluster" : "has no machine";
    progress(`${machine} ${why}, so it is made again`);
    if (!runsContainers(request.driver) && machines.has(machine)) {
      // A start of all machines could reset the control plane. The node is added with the others.
      await removeUnjoined(request, api, node, machine);
      continue;
    }
    needsStart = true;
    // A new machine cannot join under the name of a node that looks ready.
    await api.remove(nodePath(machine));
    // minikube lets a container join only when it has created it.
    if (runsContainers(request.driver)) await deleteProfile(request, machine);
  }
  if (!needsStart) return;
  await start(request, progress);
  await api.waitUntilReady(readySeconds);
  // The start may have undone kube-proxy's settings.
  await configureKubeProxy(request, api, progress);
}

async function namesOf(api: KubernetesApi): Promise<ReadonlySet<string>> {
  return new Set((await readNodes(api)).map(({ name }) => name));
}

/** Deletes a node that is not in the API. minikube fails without it there, so it is registered. */
async function removeUnjoined(
  request: MinikubeRequest,
  api: KubernetesApi,
  node: string,
  machine: string,
): Promise<void> {
  const object = { apiVersion: "v1", kind: "Node", metadata: { name: machine } };
  await api.post("/api/v1/nodes", { ...object, spec: { unschedulable: true } }, [409]);
  await deleteNode(request, node);
}

async function addNodes(request: MinikubeRequest, progress: Progress): Promise<void> {
  const { nodes } = await nodesOf(request);
  for (let count = nodes.length; count < request.nodes; count++) {
    progress(`adding node ${count + 1} of ${request.nodes}`);
    try {
      await addNode(request, progress);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const added = (await nodesOf(request)).nodes.at(count);
      const said = added === undefined ? "" : await tailKubelet(request, added.node);
      throw new UserError(
        `node ${count + 1} of ${request.nodes} did not join: ${error.message}\n${said}`.trimEnd(),
        "correct what these lines name, then run up again, which makes this node again",
      );
    }
  }
}

/** Empties and deletes the last nodes. Nothing is changed when one carries an only replica. */
async function removeNodes(
  request: MinikubeRequest,
  api: KubernetesApi,
  progress: Progress,
): Promise<void> {
  const { nodes } = await nodesOf(request);
  const staying = nodes.slice(0, request.nodes);
  for (const { machine } of staying) await keep(api, machine);
  const leaving = nodes.slice(request.nodes).reverse();
  if (leaving.length === 0) return;
  await refuseOnlyReplicas(
    api,
    leaving.map(({ machine }) => machine),
  );
  const joined = await namesOf(api);
  for (const { node, machine } of leaving) {
    if (!joined.has(machine)) {
      progress(`deleting the machine of ${machine}, which is not a node of the cluster`);
      await removeUnjoined(request, api, node, machine);
      continue;
    }
    progress(`moving the pods of ${machine} to other nodes`);
    await drain(api, machine);
    progress(`deleting node ${machine}`);
    await deleteNode(request, node);
  }
}

/** The nodes that are not Ready, by name, with the reason that they give. */
async function unreadyNodes(api: KubernetesApi): Promise<ReadonlyMap<string, string>> {
  return new Map(
    [...(await readReadiness(api))].flatMap(([name, why]) =>
      why === undefined ? [] : [[name, why] as const],
    ),
  );
}

async function waitUntilReady(
  request: MinikubeRequest,
  api: KubernetesApi,
  progress: Progress,
): Promise<void> {
  const deadline = Date.now() + nodesReadySeconds * 1000;
  let before = "";
  for (;;) {
    let unready: ReadonlyMap<string, string> | undefined;
    try {
      unready = await unreadyNodes(api);
    } catch (error) {
      if (!(error instanceof CouldNotAsk) || Date.now() > deadline) throw error;
    }
    if (unready?.size === 0) return;
    const names = [...(unready?.keys() ?? [])].join(", ");
    if (names !== "" && names !== before) progress(`waiting until ${names} is Ready`);
    before = names;
    if (unready !== undefined && Date.now() > deadline) throw await neverReady(request, unready);
    await delay(500);
  }
}

async function neverReady(
  request: MinikubeRequest,
  unready: ReadonlyMap<string, string>,
): Promise<UserError> {
  const reasons = [...unready].map(([name, why]) => `${name}: ${why}`).join("\n");
  const [name = ""] = unready.keys();
  return new UserError(
    `not Ready after ${nodesReadySeconds} s:\n${reasons}\n${await tailKubelet(request, name)}`.trimEnd(),
    `look at the pods of calico-node and run \`minikube logs --profile ${request.profile}\`, then run up again`,
  );
}
