import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn } from "../../facts/gke.ts";

/**
 * Without alias addresses every node needs a route in the VPC, which limits the cluster to the quota
 * of routes. Private nodes and named ranges need alias addresses, and the mode cannot change later.
 */
export const gkeIsVpcNative: ResourceValidationPolicy = {
  name: "gke-is-vpc-native",
  displayName: "Pods have addresses of the VPC",
  description:
    "A GKE cluster takes the addresses of pods and Services from ranges of its subnetwork.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["gke", "cluster", "addresses"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips",
  remediationSteps:
    "Set ipAllocationPolicy.clusterSecondaryRangeName and servicesSecondaryRangeName to secondary ranges of the subnetwork, and remove networkingMode and clusterIpv4Cidr.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    if (cluster === undefined) return;
    const { networkingMode, allocation, routedPodNetwork } = cluster;
    if (networkingMode.text === "ROUTES") {
      report(`${networkingMode.statement}. Fix: set VPC_NATIVE, or remove it`);
    } else if (allocation.isMissing && routedPodNetwork.text !== undefined) {
      report(
        `${routedPodNetwork.statement}, which gives the cluster no alias addresses. Fix: remove it and set ${allocation.path}`,
      );
    }
  },
};
