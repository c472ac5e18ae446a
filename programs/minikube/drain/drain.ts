/** Empties a node before it is deleted, so that the clients of its pods do not notice. */
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";
import { UserError } from "../../../messages/errors.ts";
import { nodePath } from "../nodes.ts";
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

/** How long the pods of one node may take to move. Pods may end slowly, and images be downloaded. */
const moveSeconds = 600;
/** How long pods of DaemonSets may take to end. */
const leaveSeconds = 60;

/** Marks a node that this project empties. As a taint it ends the pods of DaemonSets. */
const removing = "provenet/removing";

const serviceListSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
      spec: z.looseObject({ selector: z.record(z.string(), z.string()).nullish() }),
    }),
  ),
});

/**
 * Refuses to remove nodes with the only pod behind a Service, or with a pod that nothing creates
 * again. Changes nothing.
 */
export async function refuseOnlyReplicas(
  api: KubernetesApi,
  leaving: readonly string[],
): Promise<void> {
  const pods = await readPods(api);
  const { items } = (await api.get("/api/v1/services", serviceListSchema)) ?? { items: [] };
  const isLeaving = ({ spec }: Pod) => leaving.includes(spec.nodeName ?? "");
  const lost = pods
    .filter(isLeaving)
    .filter(isMovable)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap((pod) => {
      const { name, namespace, labels } = pod.metadata;
      const node = pod.spec.nodeName ?? "";
      if (controllerOf(pod) === undefined) {
        return [
          {
            what: `${node} has the pod ${namespace}/${name}, which nothing creates again`,
            fix: `kubectl delete pod ${name} --namespace ${namespace}`,
          },
        ];
      }
      if (siblingsOf(pod, pods).some((other) => isServing(other) && !isLeaving(other))) return [];
      const service = items.find(
        ({ metadata, spec }) =>
          metadata.namespace === namespace &&
          Object.entries(spec.selector ?? {}).length > 0 &&
          Object.entries(spec.selector ?? {}).every(([key, value]) => labels[key] === value),
      );
      if (service === undefined) return [];
      const workload = workloadOf(pod);
      const [kind = "", path = ""] = workload.split(" ");
      return [
        {
          what: `${node} carries the only replica of ${workload}, behind the Service ${namespace}/${service.metadata.name}`,
          fix: `kubectl rollout restart ${kind.toLowerCase()}/${path.split("/")[1] ?? ""} --namespace ${namespace}`,
        },
      ];
    });
  if (lost.length === 0) return;
  const unique = (texts: string[]) => [...new Set(texts)];
  throw new UserError(
    `no node is removed, because ${unique(lost.map(({ what }) => what)).join(", and ")}`,
    `run another replica on another node, or move it: \`${[`kubectl cordon ${leaving.join(" ")}`, ...unique(lost.map(({ fix }) => fix))].join(" && ")}\`. Then run up again`,
  );
}

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
 * pods as before, on other nodes. PodDisruptionBudgets are respected.
 *
 * @throws UserError when pods stay. The node then runs pods again.
 */
export async function drain(api: KubernetesApi, node: string): Promise<void> {
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
    const waiting = wanted.filter(({ pod, serving }) => servingOf(pod, pods) < serving);
    if (here.length === 0 && waiting.length === 0) break;
    if (Date.now() > deadline) {
      await keep(api, node);
      throw stays(
        node,
        here,
        waiting.map(({ pod }) => pod),
        refusals,
      );
    }
    const isReplaced = (pod: Pod) =>
      waiting.every((other) => controllerOf(other.pod)?.uid !== controllerOf(pod)?.uid);
    const evicted = new Set<string | undefined>();
    for (const pod of here) {
      const uid = controllerOf(pod)?.uid;
      // One pod of a workload at a time, and the next once its replacement serves.
      if (pod.metadata.deletionTimestamp !== undefined || !isReplaced(pod) || evicted.has(uid)) {
        continue;
      }
      evicted.add(uid);
      const refusal = await evict(api, pod);
      if (refusal !== undefined) refusals.set(workloadOf(pod), refusal);
    }
    await delay(500);
  }
  await endDaemons(api, node);
}

/** Evicts a pod. Returns the API server's words when a PodDisruptionBudget does not allow it yet. */
async function evict(api: KubernetesApi, { metadata }: Pod): Promise<string | undefined> {
  const { name, namespace } = metadata;
  const { status, message } = await api.post(
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`,
    { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } },
    [404, 429],
  );
  return status === 429 ? (message ?? "too many disruptions") : undefined;
}

function stays(
  node: string,
  here: readonly Pod[],
  unreplaced: readonly Pod[],
  refusals: ReadonlyMap<string, string>,
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
async function endDaemons(api: KubernetesApi, node: string): Promise<void> {
  const taints = (await api.get(nodePath(node), nodeSchema))?.spec.taints ?? [];
  await api.patch(nodePath(node), {
    spec: { taints: [...taints, { key: removing, effect: "NoExecute" }] },
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
    await delay(500);
  }
}
