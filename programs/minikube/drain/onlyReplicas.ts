/** What no other node can do in the place of a node that leaves. */
import { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";
import { UserError } from "../../../messages/errors.ts";
import {
  controllerOf,
  isMovable,
  isServing,
  type Pod,
  readPods,
  siblingsOf,
  workloadOf,
} from "./pods.ts";

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
    `run another replica on another node, or move it with \`npm run shell -- "${[`kubectl cordon ${leaving.join(" ")}`, ...unique(lost.map(({ fix }) => fix))].join(" && ")}"\`. Then run up again`,
  );
}
