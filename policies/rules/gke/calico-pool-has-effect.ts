import type { StackValidationPolicy } from "@pulumi/policy";

import { isCalicoPool } from "../../facts/calico.ts";
import { gkeClusterType } from "../../facts/gke.ts";
import { soleGkeClusterIn } from "../../facts/gkeStack.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

/**
 * GKE gives each node a block of the pod range, and its pods take their addresses from that block.
 * The API server accepts an IPPool there, but no pod ever gets an address from it.
 */
export const calicoPoolHasEffect: StackValidationPolicy = {
  name: "calico-pool-has-effect",
  displayName: "No IPPool in Google Cloud",
  description: "A stack whose cluster is in GKE has no IPPool of Calico.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["gke", "calico", "addresses"],
  url: "https://docs.tigera.io/calico/latest/getting-started/kubernetes/managed-public-cloud/gke",
  remediationSteps:
    "Remove the IPPool. Add a secondary range to the subnetwork and name it in ipAllocationPolicy.additionalPodRangesConfig or in networkConfig.podRange of a pool.",
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    const cluster = soleGkeClusterIn(args.resources);
    // A cluster on Dataplane V2 has no objects of Calico at all, which another rule reports.
    if (cluster === undefined || cluster.autopilot.isTrue) return;
    if (cluster.datapath.text === "ADVANCED_DATAPATH") return;
    for (const pool of args.resources.filter(isCalicoPool)) {
      report("pods in GKE get no address from an IPPool. Fix: remove it", pool.urn);
    }
  }),
};
