import type { Fault } from "../../../messages/faults.ts";
import { sizeOf } from "../../../net/addresses.ts";
import { faultsInGke } from "./gke.ts";
import { type Placed, type ReadableValues, overlapFaults, place } from "./placed.ts";

/** The networks of a cluster, each as far as it is readable. */
export interface ClusterNetworks {
  readonly node: Placed | undefined;
  readonly pod: Placed | undefined;
  readonly service: Placed | undefined;
}

/** The cluster's networks with their paths. */
export function networksOf(cluster: ReadableValues["cluster"]): ClusterNetworks {
  const [node] = place("provenet:cluster.nodeNetwork", cluster?.nodeNetwork);
  const [pod] = place("provenet:cluster.podNetwork", cluster?.podNetwork);
  const [service] = place("provenet:cluster.serviceNetwork", cluster?.serviceNetwork);
  return { node, pod, service };
}

/** Faults between the keys of the cluster: networks that overlap or that the nodes do not fit. */
export function faultsInCluster(cluster: ReadableValues["cluster"]): Fault[] {
  const { node, pod, service } = networksOf(cluster);
  const networks = [node, pod, service].filter((network) => network !== undefined);
  if (cluster?.kind === "gke") return faultsInGke(cluster, networks);
  const faults = overlapFaults(networks);
  if (cluster?.kind !== "minikube") return faults;
  const { nodes, labels = {} } = cluster;
  const unfit = ({ path, block }: Placed, why: string, example: string) => {
    faults.push({
      propertyPath: path,
      reason: `"${block.text}" ${why}, for example ${example}`,
    });
  };
  // The API server accepts at most 20 host bits.
  if (service !== undefined && sizeOf(service.block) > 1n << 20n) {
    unfit(service, "is wider than the API server accepts; write a /12 or narrower", "10.96.0.0/12");
  }
  if (nodes === undefined) return faults;
  if (node !== undefined && !hasRoom(node, nodes)) {
    const why = `has no room for ${nodes} nodes and a gateway; write a wider one`;
    unfit(node, why, "192.168.49.0/24");
  }
  // Kubernetes gives every node a /24 of the pod network.
  if (pod !== undefined && sizeOf(pod.block) < 256n * BigInt(nodes)) {
    unfit(pod, `has no /24 for each of ${nodes} nodes; write a wider one`, "10.244.0.0/16");
  }
  for (const [key, values = []] of Object.entries(labels)) {
    if (values.length === nodes) continue;
    faults.push({
      propertyPath: `provenet:cluster.labels["${key}"]`,
      reason: `got ${values.length} values, and nodes is ${nodes}; write one for each node`,
    });
  }
  return faults;
}

/** Whether the node network holds the nodes, the gateway, and its first and last address. */
export function hasRoom(node: Placed, nodes: number): boolean {
  return sizeOf(node.block) >= BigInt(nodes) + 3n;
}
