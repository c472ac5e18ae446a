/** kube-proxy's settings that `minikube start` cannot pass on. */
import { parseDocument } from "yaml";
import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import { CouldNotAsk } from "../../messages/errors.ts";
import type { Progress } from "./events.ts";
import type { MinikubeRequest } from "./request.ts";

const configMapPath = "/api/v1/namespaces/kube-system/configmaps/kube-proxy";
const daemonSetPath = "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy";

/** The ConfigMap's key of a YAML document. */
const documentKey = "config.conf";

/** Annotation of kube-proxy's pods: the version of the ConfigMap that they were started for. */
const startedFor = "provenet/kube-proxy-config";

const configMapSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  data: z.looseObject({ [documentKey]: z.string() }),
});
const daemonSetSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
    }),
  }),
});

/**
 * The KubeProxyConfiguration with strictARP and the scheduler. MetalLB needs strictARP, because in
 * IPVS mode every node would answer ARP for every address. Returns the same text when it has both.
 */
export function withIpvs(text: string, scheduler: string): string {
  const document = parseDocument(text);
  const has = (key: string, value: unknown) => document.getIn(["ipvs", key]) === value;
  if (has("strictARP", true) && has("scheduler", scheduler)) return text;
  document.setIn(["ipvs", "strictARP"], true);
  document.setIn(["ipvs", "scheduler"], scheduler);
  return document.toString();
}

/**
 * Sets what IPVS mode needs and restarts kube-proxy if that changed something. Call it after every
 * start of the first node, because kubeadm then may have replaced the ConfigMap and the DaemonSet,
 * and before other nodes join. Does nothing in other modes.
 *
 * @throws CouldNotAsk when the cluster has no kube-proxy
 */
export async function configureKubeProxy(
  { kubeProxy }: Pick<MinikubeRequest, "kubeProxy">,
  api: KubernetesApi,
  progress: Progress,
): Promise<void> {
  if (kubeProxy.mode !== "ipvs") return;
  const before = await must(api, configMapPath, configMapSchema);
  const text = before.data[documentKey];
  const wanted = withIpvs(text, kubeProxy.scheduler);
  if (wanted !== text) await api.patch(configMapPath, { data: { [documentKey]: wanted } });

  const { metadata } = await must(api, configMapPath, configMapSchema);
  const { template } = (await must(api, daemonSetPath, daemonSetSchema)).spec;
  if (template.metadata.annotations[startedFor] === metadata.resourceVersion) return;
  progress(`restarting kube-proxy with strictARP and the scheduler ${kubeProxy.scheduler}`);
  const annotations = { [startedFor]: metadata.resourceVersion };
  await api.patch(daemonSetPath, { spec: { template: { metadata: { annotations } } } });
}

async function must<Schema extends z.ZodType>(
  api: KubernetesApi,
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const found = await api.get(path, schema);
  if (found !== undefined) return found;
  throw new CouldNotAsk(`the cluster has no ${path}`, "run `npm run down`, then `npm run up`");
}
