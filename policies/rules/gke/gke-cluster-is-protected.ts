import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn } from "../../facts/gke.ts";

/**
 * Some settings of a cluster cannot change in place, so a small edit may replace the cluster with
 * everything inside it. With deletion protection that update fails instead. The provider protects a
 * cluster unless the program says otherwise. The rule only warns, because a cluster must lose its
 * protection before it can be deleted.
 */
export const gkeClusterIsProtected: ResourceValidationPolicy = {
  name: "gke-cluster-is-protected",
  displayName: "No update deletes a cluster",
  description: "A GKE cluster has deletion protection, from the provider or from Pulumi.",
  enforcementLevel: "advisory",
  severity: "high",
  tags: ["gke", "cluster", "state"],
  url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  remediationSteps:
    "Remove deletionProtection, which is true by default, or set the resource option protect. To delete a cluster, set deletionProtection to false, and run `npm run up` and `npm run down`.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    if (cluster?.deletionProtection.isFalse !== true || args.opts.protect) return;
    report(
      `${cluster.deletionProtection.statement}, so an update that replaces the cluster deletes it. Fix: set true, or the resource option protect`,
    );
  },
};
