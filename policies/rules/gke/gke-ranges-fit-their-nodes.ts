import type { StackValidationPolicy } from "@pulumi/policy";

import { sizeOf } from "../../../net/addresses.ts";
import { gkeClusterType } from "../../facts/gke.ts";
import { nodeCountOf } from "../../facts/gkeNodes.ts";
import { podAddressesPerNode, podRangeOf, rangeOf } from "../../facts/gkeRanges.ts";
import { gkeClustersIn, type PlacedCluster } from "../../facts/gkeStack.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

/** Addresses of a subnetwork that Google Cloud keeps. */
const kept = 4n;

/**
 * GKE gives each node a block of the pod range that is at least twice its pods, a /24 for the usual
 * 110. Once the range is used up, new nodes do not start, and an upgrade stops, because it adds a
 * node before it removes one. The range cannot grow later.
 */
export const gkeRangesFitTheirNodes: StackValidationPolicy = {
  name: "gke-ranges-fit-their-nodes",
  displayName: "Every node has addresses for itself and its pods",
  description:
    "The pod range of a GKE cluster has a block for each node that its pools may have, and its subnetwork has an address for each, also during an upgrade.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "nodes", "addresses"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr",
  remediationSteps:
    "Widen the range, or lower the maximum of the pool's autoscaling or maxPodsPerNode. The rule counts the maximum of each pool and the nodes that upgradeSettings.maxSurge adds.",
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    for (const cluster of gkeClustersIn(args.resources)) {
      const { nodes, perRange } = needsOf(cluster);
      for (const [name, { addresses, count }] of perRange) {
        const range = podRangeOf(cluster, name);
        if (range === undefined || sizeOf(range) >= addresses) continue;
        report(
          `the pod range ${range.text} has ${sizeOf(range)} addresses, and ${count} nodes take ${addresses}. Fix: widen it, or set fewer nodes or a smaller maxPodsPerNode`,
          cluster.resource.urn,
        );
      }
      const primary = cluster.placedIn && rangeOf(cluster.placedIn.primary);
      if (primary === undefined || sizeOf(primary) >= BigInt(nodes) + kept) continue;
      report(
        `${cluster.placedIn?.primary.path ?? ""} is ${primary.text}, which has no addresses for ${nodes} nodes and the four that Google keeps. Fix: set a wider one`,
        cluster.placedIn?.resource.urn,
      );
    }
  }),
};

interface Need {
  readonly addresses: bigint;
  readonly count: number;
}

/** What the known pools take. Pools with a range of their subnetwork take it from that one. */
function needsOf(cluster: PlacedCluster) {
  const perRange = new Map<string | undefined, Need>();
  const add = (name: string | undefined, { addresses, count }: Need) => {
    const before = perRange.get(name) ?? { addresses: 0n, count: 0 };
    perRange.set(name, { addresses: before.addresses + addresses, count: before.count + count });
  };
  let nodes = 0;
  for (const set of cluster.nodeSets) {
    const most = nodeCountOf(set, cluster)?.most;
    const perNode = podAddressesPerNode(set, cluster);
    const range = set.pool.at("networkConfig", "podRange");
    if (most === undefined) continue;
    const surge = set.pool.at("upgradeSettings", "maxSurge").number ?? 1;
    const count = set.kind === "pool" ? most + surge : most;
    nodes += count;
    if (perNode === undefined || range.isUnknown) continue;
    add(range.text, { addresses: BigInt(count) * perNode, count });
  }
  return { nodes, perRange };
}
