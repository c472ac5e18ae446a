import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn, nodeSetsIn } from "../../facts/gke.ts";

/**
 * A pool that is part of the cluster's properties cannot change without the cluster. Another machine
 * type for it replaces the cluster, and everything inside it is gone. A separate pool is replaced
 * alone. The rule is advisory because a cluster for one evening may keep its pool.
 */
export const gkeDefaultPoolIsRemoved: ResourceValidationPolicy = {
  name: "gke-default-pool-is-removed",
  displayName: "Pools are separate resources",
  description: "A GKE cluster keeps no default pool and lists no pools among its properties.",
  enforcementLevel: "advisory",
  severity: "medium",
  tags: ["gke", "cluster", "nodes"],
  url: "https://www.pulumi.com/registry/packages/gcp/api-docs/container/cluster/",
  remediationSteps:
    "Set removeDefaultNodePool to true and initialNodeCount to 1, and create a gcp.container.NodePool.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    if (cluster === undefined) return;
    const { inlinePools, removesDefaultPool } = cluster;
    const kinds = nodeSetsIn(args).map(({ kind }) => kind);
    if (kinds.includes("inline")) {
      report(`${inlinePools.path} lists pools. Fix: create a gcp.container.NodePool for each`);
    }
    if (kinds.includes("default")) {
      report(`${removesDefaultPool.statement}. Fix: set true, and create a gcp.container.NodePool`);
    }
  },
};
