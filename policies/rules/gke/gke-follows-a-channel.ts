import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn, maybeAutopilot, nodeSetsIn } from "../../facts/gke.ts";

/**
 * GKE patches clusters in a release channel, at the times of their maintenance window. A cluster
 * outside keeps its version until its support ends, and GKE then upgrades it at a time of its choice.
 * Pools that neither repair nor upgrade themselves stay behind the control plane.
 */
export const gkeFollowsAChannel: ResourceValidationPolicy = {
  name: "gke-follows-a-channel",
  displayName: "Clusters get patches",
  description: "A GKE cluster follows a release channel. Its pools repair and upgrade their nodes.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["gke", "cluster", "upgrades"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels",
  remediationSteps:
    "Set releaseChannel.channel to REGULAR or STABLE, and remove management.autoRepair and management.autoUpgrade, which are true by default. A minMasterVersion is allowed together with a channel.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    // An Autopilot cluster is in a channel always.
    if (cluster !== undefined && !maybeAutopilot(cluster)) {
      const { channel } = cluster;
      if (channel.isMissing || channel.text === "UNSPECIFIED") {
        report(`${channel.statement}. Fix: set REGULAR or STABLE`);
      }
    }
    for (const { autoRepair, autoUpgrade } of nodeSetsIn(args)) {
      for (const setting of [autoRepair, autoUpgrade]) {
        if (setting.isFalse) report(`${setting.statement}. Fix: set true`);
      }
    }
  },
};
