/** Empties a node before it is deleted, so that the clients of its pods do not notice. */
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";
import { UserError } from "../../../messages/errors.ts";
import { nodePath } from "../nodes.ts";
import { patient } from "./patient.ts";
import {
  controllerOf,
  isMovable,
  isServing,
  type Pod,
  readPods,
  siblingsOf,
  toleratesEverything,
  workloadOf,
} from "./pods.ts";
import { requestedReplicas } from "./replicas.ts";

/** How long a drain waits. */
export interface DrainLimits {
  /** For the pods of one node to move. Pods may end slowly, and images be downloaded. */
  readonly moveSeconds: number;
  /** For pods of DaemonSets to end. */
  readonly leaveSeconds: number;
  /** For the API server to answer a request. */
  readonly askSeconds: number;
  /** From one look to the next. */
  readonly pauseSeconds: number;
}

const usualLimits: DrainLimits = {
  moveSeconds: 600,
  leaveSeconds: 60,
  askSeconds: 60,
  pauseSeconds: 0.5,
};

/** Marks a node that this project empties. As a taint it ends the pods of DaemonSets. */
const removing = "provenet/removing";

/** Takes back what an interrupted removal did to a node that stays. */
export async function keep(api: KubernetesApi, node: string): Promise<void> {
  const found = await api.get(nodePath(node), nodeSchema);
  if (found === undefined || !(removing in found.metadata.annotations)) return;
  await api.patch(nodePath(node), {
    metadata: { annotations: { [removing]: null } },
    spec: {
      unschedulable: null,
      taints: found.spec.taints.filter(({ key }) => key !== removing && key !== cordoned),
    },
  });
}

const cordoned = "node.kubernetes.io/unschedulable";

const nodeSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z
    .looseObject({ taints: z.array(z.looseObject({ key: z.string() })).default([]) })
    .default({ taints: [] }),
});

/**
 * Cordons a node and evicts its pods one by one. Returns once every workload has as many serving
 * pods as before, or as it now requests, on other nodes. PodDisruptionBudgets are respected.
 *
 * @throws UserError when pods stay, CouldNotAsk when the API server stops to answer. The node then
 * runs pods again.
 */
export async function drain(
  api: KubernetesApi,
  node: string,
  limits: DrainLimits = usualLimits,
): Promise<void> {
  const asking = patient(api, limits.askSeconds);
  try {
    await movePods(asking, node, limits);
    await endDaemons(asking, node, limits);
  } catch (error) {
    // The reason is worth more than why the node stays cordoned. The next run takes that back.
    await keep(asking, node).catch(() => undefined);
    throw error;
  }
}

async function movePods(
  api: KubernetesApi,
  node: string,
  { moveSeconds, pauseSeconds }: DrainLimits,
): Promise<void> {
  const isHere = ({ spec }: Pod) => spec.nodeName === node;
  await api.patch(nodePath(node), {
    metadata: { annotations: { [removing]: "true" } },
    spec: { unschedulable: true },
  });
  const before = await readPods(api);
  const moving = before.filter(isHere).filter(isMovable);
  const servingOf = (pod: Pod, pods: readonly Pod[]) =>
    siblingsOf(pod, pods).filter(isServing).length;
  const wanted = moving.map((pod) => ({ pod, serving: servingOf(pod, before) }));
  const refusals = new Map<string, string>();
  const deadline = Date.now() + moveSeconds * 1000;
  for (;;) {
    const pods = await readPods(api);
    const here = pods.filter(isHere).filter(isMovable);
    const waiting: Pod[] = [];
    for (const { pod, serving } of wanted) {
      const now = servingOf(pod, pods);
      // The workload may have been scaled down or deleted meanwhile.
      if (now < serving && now < (await requestedReplicas(api, pod))) waiting.push(pod);
    }
    if (here.length === 0 && waiting.length === 0) return;
    if (Date.now() > deadline) throw stays(node, here, waiting, refusals, moveSeconds);
    const isReplaced = (pod: Pod) =>
      waiting.every((other) => workloadOf(other) !== workloadOf(pod));
    const evicted = new Set<string>();
    for (const pod of here) {
      const workload = workloadOf(pod);
      // One pod of a workload at a time, and the next once its replacement serves.
      const isEnding = pod.metadata.deletionTimestamp !== undefined;
      if (isEnding || !isReplaced(pod) || evicted.has(workload)) continue;
      evicted.add(workload);
      const refusal = await evict(api, pod);
      if (refusal !== undefined) refusals.set(workload, refusal);
    }
    await delay(pauseSeconds * 1000);
  }
}

/**
 * Evicts a pod. Returns the API server's words when a PodDisruptionBudget does not allow it yet. The
 * status is 500 when a pod has several.
 */
async function evict(api: KubernetesApi, { metadata }: Pod): Promise<string | undefined> {
  const { name, namespace } = metadata;
  const { status, message } = await api.post(
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`,
    { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } },
    [404, 429, 500],
  );
  return [429, 500].includes(status) ? (message ?? `status ${status}`) : undefined;
}

function stays(
  node: string,
  here: readonly Pod[],
  unreplaced: readonly Pod[],
  refusals: ReadonlyMap<string, string>,
  moveSeconds: number,
): UserError {
  const named = [...new Set([...here, ...unreplaced].map(workloadOf))];
  const lines = named.map((workload) => {
    const refusal = refusals.get(workload);
    return refusal === undefined ? workload : `${workload}: ${refusal}`;
  });
  return new UserError(
    `${node} is not removed, because its pods did not move within ${moveSeconds} s:\n${lines.join("\n")}`,
    "give the other nodes room for these pods, or correct the PodDisruptionBudget, then run up again",
  );
}

/**
 * Ends the pods of DaemonSets that do not tolerate every taint, with their usual grace. A speaker of
 * MetalLB then hands its addresses over, instead of being missed by the others.
 */
async function endDaemons(
  api: KubernetesApi,
  node: string,
  { leaveSeconds, pauseSeconds }: DrainLimits,
): Promise<void> {
  const taints = (await api.get(nodePath(node), nodeSchema))?.spec.taints ?? [];
  await api.patch(nodePath(node), {
    spec: {
      // A killed run may have left the taint.
      taints: [
        ...taints.filter(({ key }) => key !== removing),
        { key: removing, effect: "NoExecute" },
      ],
    },
  });
  const deadline = Date.now() + leaveSeconds * 1000;
  while (Date.now() < deadline) {
    const left = (await readPods(api)).filter(
      (pod) =>
        pod.spec.nodeName === node &&
        controllerOf(pod)?.kind === "DaemonSet" &&
        !toleratesEverything(pod),
    );
    if (left.length === 0) return;
    await delay(pauseSeconds * 1000);
  }
}
