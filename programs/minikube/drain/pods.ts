/** The pods that a node's removal concerns. Pure, but for reading them. */
import { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";

const podSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z
      .array(
        z.looseObject({
          kind: z.string(),
          name: z.string(),
          uid: z.string(),
          controller: z.boolean().optional(),
        }),
      )
      .default([]),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({
    nodeName: z.string().optional(),
    tolerations: z
      .array(z.looseObject({ key: z.string().optional(), operator: z.string().optional() }))
      .default([]),
  }),
  status: z.looseObject({
    phase: z.string().optional(),
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
  }),
});

/** A pod. */
export type Pod = z.output<typeof podSchema>;

const podListSchema = z.looseObject({ items: z.array(podSchema) });

/** All pods of the cluster. */
export async function readPods(api: KubernetesApi): Promise<Pod[]> {
  return (await api.get("/api/v1/pods", podListSchema))?.items ?? [];
}

/** The object that creates the pod again, if there is one. */
export function controllerOf({
  metadata,
}: Pod): Pod["metadata"]["ownerReferences"][number] | undefined {
  return metadata.ownerReferences.find(({ controller }) => controller === true);
}

/** `Deployment web/web`, in which a ReplicaSet counts as its Deployment. */
export function workloadOf(pod: Pod): string {
  const { namespace, name, labels } = pod.metadata;
  const controller = controllerOf(pod);
  if (controller === undefined) return `Pod ${namespace}/${name}`;
  const hash = labels["pod-template-hash"];
  return controller.kind === "ReplicaSet" && hash !== undefined
    ? `Deployment ${namespace}/${controller.name.replace(new RegExp(`-${hash}$`), "")}`
    : `${controller.kind} ${namespace}/${controller.name}`;
}

/** Whether the pod has to move when its node goes. */
export function isMovable(pod: Pod): boolean {
  const { annotations } = pod.metadata;
  if (pod.status.phase === "Succeeded" || pod.status.phase === "Failed") return false;
  return controllerOf(pod)?.kind !== "DaemonSet" && !("kubernetes.io/config.mirror" in annotations);
}

/** Whether the pod serves and is not about to end. */
export function isServing({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True")
  );
}

/** Whether the pod stays on a node whatever its taints. */
export function toleratesEverything({ spec }: Pod): boolean {
  return spec.tolerations.some(
    ({ key = "", operator, ...rest }) =>
      key === "" && operator === "Exists" && (rest.effect ?? "NoExecute") === "NoExecute",
  );
}

/** Pods of the same workload. */
export function siblingsOf(pod: Pod, pods: readonly Pod[]): Pod[] {
  const workload = workloadOf(pod);
  return pods.filter(
    (other) => controllerOf(other) !== undefined && workloadOf(other) === workload,
  );
}
