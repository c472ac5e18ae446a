/** A pretended API server with pods, for what empties a node. */
import type { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";
import { CouldNotAsk } from "../../../messages/errors.ts";

/** A pod of the namespace shop. */
export interface GivenPod {
  readonly name: string;
  node: string;
  /** Kind and name of its controller. */
  readonly of?: string;
  ready?: boolean;
  readonly tolerates?: object[];
  readonly phase?: string;
  readonly mirror?: boolean;
  /** That it is about to end, after this number of looks. */
  ending?: number;
  /** Hash of its ReplicaSet. */
  readonly hash?: string;
}

const podObject = (pod: GivenPod) => {
  const [kind = "", name = ""] = (pod.of ?? "").split("/");
  const { hash = "5d9c" } = pod;
  return {
    metadata: {
      name: pod.name,
      namespace: "shop",
      labels: { app: name, "pod-template-hash": hash },
      annotations: pod.mirror === true ? { "kubernetes.io/config.mirror": "x" } : {},
      ...(pod.of !== undefined && {
        ownerReferences: [
          { kind, name: `${name}-${hash}`, uid: `${pod.of}-${hash}`, controller: true },
        ],
      }),
      ...(pod.ending !== undefined && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
    spec: { nodeName: pod.node, tolerations: pod.tolerates ?? [] },
    status: {
      phase: pod.phase ?? "Running",
      conditions: [{ type: "Ready", status: pod.ready === false ? "False" : "True" }],
    },
  };
};

/** What else there is in the cluster. */
interface GivenCluster {
  /** What an eviction answers in place of 201, in this order. */
  readonly refusals?: (readonly [status: number, message: string])[];
  /** Requested replicas of the Deployment web. @default as many as there are */
  readonly replicas?: () => number | undefined;
  /** Whether the API server answers this request. @default it does */
  readonly answers?: (request: string) => boolean;
  /** Whether an evicted pod gets a successor. @default it does */
  readonly replaces?: boolean;
}

/** Limits for a drain that fails soon. */
export const lookingBriefly = {
  moveSeconds: 0.2,
  leaveSeconds: 0.2,
  askSeconds: 0.2,
  pauseSeconds: 0.01,
};

/** A cluster of nodes m01 and m02 whose controllers replace an evicted pod on m01 after two looks. */
export function clusterOf(
  pods: GivenPod[],
  services: readonly string[] = [],
  { refusals = [], replicas, answers: isAnswered, replaces = true }: GivenCluster = {},
) {
  const calls: string[] = [];
  let evicted = 0;
  let node = {
    metadata: { annotations: {} as Record<string, unknown> },
    spec: { taints: [] as object[] },
  };
  const answers: Record<string, () => unknown> = {
    "/api/v1/pods": () => {
      const items = pods.map(podObject);
      for (const pod of [...pods]) {
        if (pod.node === "m01") pod.ready = true;
        if (pod.ending !== undefined && (pod.ending -= 1) <= 0) pods.splice(pods.indexOf(pod), 1);
      }
      return { items };
    },
    "/api/v1/services": () => ({
      items: services.map((app) => ({
        metadata: { name: app, namespace: "shop" },
        spec: { selector: { app } },
      })),
    }),
    "/api/v1/nodes/m02": () => node,
    "/apis/apps/v1/namespaces/shop/deployments/web": () => {
      const wanted = replicas === undefined ? 9 : replicas();
      return wanted === undefined ? undefined : { spec: { replicas: wanted } };
    },
  };
  const silence = (request: string) =>
    isAnswered?.(request) === false ? new CouldNotAsk("no answer") : undefined;
  const api: KubernetesApi = {
    get: <Schema extends z.ZodType>(path: string, schema: Schema) => {
      const error = silence(`GET ${path}`);
      if (error !== undefined) return Promise.reject(error);
      const found = answers[path]?.();
      return Promise.resolve(found === undefined ? undefined : schema.parse(found));
    },
    patch: (path, patch) => {
      const error = silence(`PATCH ${path}`);
      if (error !== undefined) return Promise.reject(error);
      const { metadata, spec } = patch as Partial<typeof node>;
      node = {
        metadata: { annotations: { ...node.metadata.annotations, ...metadata?.annotations } },
        spec: { ...node.spec, ...spec },
      };
      calls.push(JSON.stringify(patch));
      if (JSON.stringify(patch).includes("NoExecute")) {
        for (const pod of [...pods]) {
          if (pod.of?.startsWith("DaemonSet") === true && pod.tolerates === undefined) {
            pods.splice(pods.indexOf(pod), 1);
          }
        }
      }
      return Promise.resolve();
    },
    post: (path, _, conditional = []) => {
      const name = path.split("/").at(-2) ?? "";
      const [status, message] = refusals.shift() ?? [];
      if (status !== undefined) {
        calls.push(`${status} ${name}`);
        if (status === 404) pods.splice(0, 1);
        return conditional.includes(status)
          ? Promise.resolve({ status, message })
          : Promise.reject(new CouldNotAsk(`the API server answered ${status}`));
      }
      calls.push(`evict ${name} while ${pods.filter(({ ready }) => ready !== false).length} serve`);
      const found = pods.findIndex((pod) => pod.name === name);
      const [pod] = pods.splice(found, 1);
      evicted += 1;
      if (pod && replaces) {
        pods.push({ ...pod, name: `${pod.of ?? ""}-new${evicted}`, node: "m01", ready: false });
      }
      return Promise.resolve({ status: 201, message: undefined });
    },
    remove: () => Promise.resolve(),
    run: () => Promise.reject(new Error("nothing runs here")),
    waitUntilReady: () => Promise.resolve(),
  };
  return { api, calls };
}
