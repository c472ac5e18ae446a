/** Compares what the configuration says about a cluster with what the cluster says. */
import { parse } from "yaml";
import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import type { NodeFacts } from "../../kube/nodes.ts";
import { CouldNotAsk, UserError } from "../../messages/errors.ts";
import { describeFaults, type Fault } from "../../messages/faults.ts";
import { contains, parseNetwork } from "../../net/addresses.ts";
import type { Expectation } from "./request.ts";

/** kube-proxy's settings, as far as the project depends on them. */
export interface KubeProxy {
  readonly mode: string;
  readonly strictArp: boolean;
}

/** What a cluster says about itself. */
export interface Found {
  readonly nodes: readonly Pick<NodeFacts, "name" | "architecture">[];
  /** Each node's pod networks, where Kubernetes assigns them. */
  readonly podNetworks: readonly { readonly node: string; readonly network: string }[];
  /** Undefined where kube-proxy has no ConfigMap, as in clusters of most clouds. */
  readonly kubeProxy: KubeProxy | undefined;
}

const podNetworksSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string() }),
      spec: z.looseObject({ podCIDRs: z.array(z.string()).default([]) }).default({ podCIDRs: [] }),
    }),
  ),
});

/** Reads the pod networks that Kubernetes assigned to the nodes. Empty where a plugin does that. */
export async function readPodNetworks(api: KubernetesApi): Promise<Found["podNetworks"]> {
  const { items } = (await api.get("/api/v1/nodes", podNetworksSchema)) ?? { items: [] };
  return items.flatMap(({ metadata: { name: node }, spec }) =>
    spec.podCIDRs.map((network) => ({ node, network })),
  );
}

const configMapSchema = z.looseObject({
  data: z.looseObject({ "config.conf": z.string().optional() }).default({}),
});
const configurationSchema = z.looseObject({
  mode: z.string().nullish(),
  ipvs: z.looseObject({ strictARP: z.boolean().nullish() }).nullish(),
});

/** Reads kube-proxy's ConfigMap, which kubeadm writes. */
export async function readKubeProxy(api: KubernetesApi): Promise<KubeProxy | undefined> {
  const path = "/api/v1/namespaces/kube-system/configmaps/kube-proxy";
  const text = (await api.get(path, configMapSchema))?.data["config.conf"];
  if (text === undefined) return undefined;
  const result = configurationSchema.safeParse(parseYaml(text));
  if (!result.success) {
    throw new CouldNotAsk(
      "the ConfigMap kube-system/kube-proxy has a config.conf that is no KubeProxyConfiguration",
      "look at it with `kubectl get configmap --namespace kube-system kube-proxy --output yaml`",
    );
  }
  const { mode, ipvs } = result.data;
  // kube-proxy on Linux takes iptables for an empty mode.
  return { mode: mode || "iptables", strictArp: ipvs?.strictARP === true };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Every key of `provenet:cluster` that the cluster contradicts, and what has to change. */
export function contradictions(expected: Expectation, found: Found): Fault[] {
  const faults = faultsInPodNetwork(expected.podNetwork, found.podNetworks);
  const { architecture } = expected;
  const others = found.nodes.filter((node) => node.architecture !== architecture);
  const [other] = others;
  if (architecture !== undefined && other !== undefined) {
    faults.push({
      propertyPath: "provenet:images.architecture",
      reason:
        `is ${architecture}, and ${other.name} is ${other.architecture}; write the architecture of ` +
        "all nodes, or set images of several architectures in provenet:images.overrides",
    });
  }
  return [...faults, ...faultsInKubeProxy(expected, found.kubeProxy)];
}

function faultsInPodNetwork(expected: string, found: Found["podNetworks"]): Fault[] {
  const outer = parseNetwork(expected);
  const stray = found
    .filter(({ network }) => !network.includes(":"))
    .find(({ network }) => !contains(outer, parseNetwork(network)));
  if (stray === undefined) return [];
  return [
    {
      propertyPath: "provenet:cluster.podNetwork",
      reason: `is ${expected}, and the pods of ${stray.node} are in ${stray.network}; write the network of all nodes' pods`,
    },
  ];
}

function faultsInKubeProxy(
  { kubeProxyMode, installCalico }: Expectation,
  found: KubeProxy | undefined,
): Fault[] {
  if (found === undefined) return [];
  const { mode, strictArp } = found;
  const propertyPath = "provenet:cluster.kubeProxyMode";
  if (kubeProxyMode !== "unknown" && kubeProxyMode !== mode) {
    const reason = `is ${kubeProxyMode}, and kube-proxy's mode is ${mode}; write ${mode}`;
    return [{ propertyPath, reason }];
  }
  const faults: Fault[] = [];
  if (kubeProxyMode === "unknown" && installCalico && mode === "nftables") {
    faults.push({
      propertyPath,
      reason: "is missing, and kube-proxy's mode is nftables; write nftables, which Calico follows",
    });
  }
  if (mode === "ipvs" && !strictArp) {
    faults.push({
      propertyPath: "ConfigMap kube-system/kube-proxy",
      reason:
        "has mode ipvs without strictARP, so every node answers ARP for MetalLB's addresses; set " +
        "`ipvs.strictARP: true` in its config.conf and restart kube-proxy",
    });
  }
  return faults;
}

/** Refuses a cluster that contradicts the configuration. @throws {UserError} with every contradiction */
export function assertAsConfigured(expected: Expectation, found: Found): void {
  const faults = contradictions(expected, found);
  if (faults.length === 0) return;
  throw new UserError(
    `the cluster contradicts the configuration:\n${describeFaults(faults)}`,
    "correct these. Nothing was changed",
  );
}
