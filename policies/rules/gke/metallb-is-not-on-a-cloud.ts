import type { StackValidationPolicy } from "@pulumi/policy";

import { gkeClusterType } from "../../facts/gke.ts";
import { soleGkeClusterIn } from "../../facts/gkeStack.ts";
import { isMetalLbObject } from "../../facts/metallb.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

/**
 * A VPC answers ARP itself, so it delivers no packet to an address that a speaker announces. Google's
 * controller serves the same Services, and both write the Service's address.
 */
export const metallbIsNotOnACloud: StackValidationPolicy = {
  name: "metallb-is-not-on-a-cloud",
  displayName: "MetalLB is not combined with a cloud",
  description: "A stack whose cluster is in GKE has no objects of MetalLB.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "metallb", "addresses"],
  url: "https://metallb.io/installation/clouds/",
  remediationSteps:
    "Remove the pools. Reserve a gcp.compute.Address for each Service and name it in the Service's annotation networking.gke.io/load-balancer-ip-addresses.",
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    if (soleGkeClusterIn(args.resources) === undefined) return;
    for (const object of args.resources.filter(isMetalLbObject)) {
      report(
        `a VPC ignores the announcements of a ${object.type.replace(/.*:/, "")}. Fix: remove it, and reserve a gcp.compute.Address`,
        object.urn,
      );
    }
  }),
};
