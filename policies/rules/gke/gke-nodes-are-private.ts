import type { StackValidationPolicy } from "@pulumi/policy";

import { gkeClusterType } from "../../facts/gke.ts";
import { gkeClustersIn } from "../../facts/gkeStack.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

/**
 * A node with a public address answers the whole internet on every port that a firewall rule
 * forgets, node ports among them. A pool decides for its nodes, and inherits the cluster's choice
 * otherwise, so the rule judges pools and clusters together.
 */
export const gkeNodesArePrivate: StackValidationPolicy = {
  name: "gke-nodes-are-private",
  displayName: "Nodes have no public addresses",
  description: "Every GKE node pool has private nodes, by its own setting or its cluster's.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "nodes", "addresses"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/private-cluster-concept",
  remediationSteps:
    "Set privateClusterConfig.enablePrivateNodes of the cluster to true, and remove networkConfig.enablePrivateNodes of its pools. Nodes then reach other networks through a gcp.compute.RouterNat.",
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    for (const { privateNodes, nodeSets, resource } of gkeClustersIn(args.resources)) {
      for (const set of nodeSets) {
        if (!set.privateNodes.isFalse) continue;
        report(`${set.privateNodes.statement}. Fix: set true, or remove it`, set.resource.urn);
      }
      // A cluster without known pools, such as one of Autopilot, decides for all nodes.
      const inherits = nodeSets.length === 0 || nodeSets.some((set) => set.privateNodes.isMissing);
      if (!inherits || privateNodes.isTrue || privateNodes.isUnknown) continue;
      report(`${privateNodes.statement}. Fix: set true`, resource.urn);
    }
  }),
};
