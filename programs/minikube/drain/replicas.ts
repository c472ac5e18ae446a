/** How many pods a workload is to have. */
import { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";
import { type Pod, workloadOf } from "./pods.ts";

/** Where the API has the workloads that keep a number of pods. */
const collections: Readonly<Record<string, readonly [api: string, plural: string]>> = {
  Deployment: ["/apis/apps/v1", "deployments"],
  ReplicaSet: ["/apis/apps/v1", "replicasets"],
  StatefulSet: ["/apis/apps/v1", "statefulsets"],
  ReplicationController: ["/api/v1", "replicationcontrollers"],
};

const scaledSchema = z.looseObject({
  spec: z.looseObject({ replicas: z.int().default(1) }),
});

/**
 * The requested replicas of a pod's workload now. 0 when it was deleted, and for Jobs and other
 * workloads that keep no number of pods.
 */
export async function requestedReplicas(api: KubernetesApi, pod: Pod): Promise<number> {
  const [kind = "", path = ""] = workloadOf(pod).split(" ");
  const [namespace = "", name = ""] = path.split("/");
  const [base, plural] = collections[kind] ?? [];
  if (base === undefined || plural === undefined) return 0;
  const found = await api.get(
    `${base}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`,
    scaledSchema,
  );
  return found?.spec.replicas ?? 0;
}
