import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn, maybeAutopilot, nodeSetsIn } from "../../facts/gke.ts";

/**
 * Without workload identity every pod reads the node's token from the metadata server and acts as
 * the node. With it, the server answers with the identity of the pod's service account. GKE gives
 * new pools of such a cluster that server, unless they name another mode.
 */
export const gkeHasWorkloadIdentity: ResourceValidationPolicy = {
  name: "gke-has-workload-identity",
  displayName: "No pod acts as its node",
  description:
    "A GKE cluster has a workload pool. Every node pool that names a metadata mode names the GKE metadata server.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "nodes", "access"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
  remediationSteps:
    "Set workloadIdentityConfig.workloadPool to PROJECT.svc.id.goog, and nodeConfig.workloadMetadataConfig.mode to GKE_METADATA.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    // Autopilot sets both itself.
    if (cluster !== undefined && !maybeAutopilot(cluster)) {
      const { workloadPool } = cluster;
      if (!workloadPool.isUnknown && (workloadPool.text ?? "") === "") {
        report(`${workloadPool.statement}. Fix: set PROJECT.svc.id.goog`);
      }
    }
    for (const { metadataMode } of nodeSetsIn(args)) {
      if (metadataMode.isMissing || metadataMode.isUnknown) continue;
      if (metadataMode.text === "GKE_METADATA") continue;
      report(`${metadataMode.statement}. Fix: set GKE_METADATA`);
    }
  },
};
