import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn, nodeSetsIn } from "../../facts/gke.ts";

/**
 * A shielded node proves its identity to the control plane, boots only signed software and reports
 * a changed boot. Without it, a pod that reads the node's metadata can pretend to be the node, and
 * a rootkit survives a restart. Secure boot is off unless the pool switches it on.
 */
export const gkeNodesAreShielded: ResourceValidationPolicy = {
  name: "gke-nodes-are-shielded",
  displayName: "Nodes are shielded",
  description:
    "A GKE cluster has shielded nodes. Every pool has secure boot and integrity monitoring.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "nodes"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/shielded-gke-nodes",
  remediationSteps:
    "Set nodeConfig.shieldedInstanceConfig to { enableSecureBoot: true, enableIntegrityMonitoring: true } and leave enableShieldedNodes at true. A node that loads unsigned kernel modules needs an exception, because secure boot refuses them.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    if (cluster?.shieldedNodes.isFalse === true) {
      report(`${cluster.shieldedNodes.statement}. Fix: set true, or remove it`);
    }
    for (const { secureBoot, integrityMonitoring } of nodeSetsIn(args)) {
      // Integrity monitoring is on by default, secure boot is off.
      if (!secureBoot.isTrue && !secureBoot.isUnknown) {
        report(`${secureBoot.statement}. Fix: set true`);
      }
      if (integrityMonitoring.isFalse) report(`${integrityMonitoring.statement}. Fix: set true`);
    }
  },
};
