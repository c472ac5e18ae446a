import type { StackValidationPolicy } from "@pulumi/policy";

import { gkeClusterType, maybeAutopilot } from "../../facts/gke.ts";
import { nodeCountOf } from "../../facts/gkeNodes.ts";
import { gkeClustersIn } from "../../facts/gkeStack.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

const defaults = { nodes: 2 };

/**
 * With one node every upgrade is an outage, because the pods of the drained node have nowhere to go.
 * Calico's add-on needs two nodes for its own pods. A pool that may shrink counts with its minimum.
 */
export const gkeHasASecondNode: StackValidationPolicy = {
  name: "gke-has-a-second-node",
  displayName: "A cluster survives the loss of a node",
  description: "The pools of a GKE cluster always have at least two nodes together.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["gke", "nodes", "availability"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters",
  remediationSteps:
    "Set nodeCount of the pool, or the minimum of its autoscaling. Both count for each zone in nodeLocations, but totalMinNodeCount counts for all.",
  configSchema: {
    properties: {
      nodes: {
        type: "integer",
        minimum: 1,
        description: "Fewest nodes of a cluster.",
        default: defaults.nodes,
      },
    },
  },
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    const { nodes } = { ...defaults, ...args.getConfig<Partial<typeof defaults>>() };
    for (const cluster of gkeClustersIn(args.resources)) {
      const { nodeSets, resource } = cluster;
      // A cluster whose pools are elsewhere, or whose pools GKE adds, may have any number.
      if (maybeAutopilot(cluster) || nodeSets.some(({ kind }) => kind === "added")) continue;
      const counts = nodeSets.map((set) => nodeCountOf(set, cluster)?.fewest);
      if (counts.length === 0 || counts.includes(undefined)) continue;
      const fewest = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
      if (fewest >= nodes) continue;
      const at = nodeSets.at(-1)?.resource ?? resource;
      report(
        `the cluster ${resource.name} may have only ${fewest} ${fewest === 1 ? "node" : "nodes"}. Fix: set nodeCount or the minimum of autoscaling so that there are ${nodes}`,
        at.urn,
      );
    }
  }),
};
