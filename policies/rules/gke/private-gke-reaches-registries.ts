import type { StackValidationPolicy } from "@pulumi/policy";

import { gkeClusterType } from "../../facts/gke.ts";
import { gkeClustersIn } from "../../facts/gkeStack.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

/**
 * A private node reaches Google's registries, but no other. Without Cloud NAT its pods wait for
 * images of other registries until somebody reads their events.
 */
export const privateGkeReachesRegistries: StackValidationPolicy = {
  name: "private-gke-reaches-registries",
  displayName: "Private nodes can pull images",
  description:
    "A stack that makes the subnetwork of a GKE cluster with private nodes also makes a Cloud NAT.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["gke", "nodes", "images"],
  url: "https://cloud.google.com/nat/docs/gke-example",
  remediationSteps:
    "Add a gcp.compute.Router to the network and a gcp.compute.RouterNat with sourceSubnetworkIpRangesToNat ALL_SUBNETWORKS_ALL_IP_RANGES. The rule ignores a cluster in a subnetwork of another stack.",
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    if (args.resources.some(({ type }) => type === "gcp:compute/routerNat:RouterNat")) return;
    for (const { placedIn, privateNodes, nodeSets, resource } of gkeClustersIn(args.resources)) {
      const setting = [privateNodes, ...nodeSets.map((set) => set.privateNodes)].find(
        ({ isTrue }) => isTrue,
      );
      if (placedIn === undefined || setting === undefined) continue;
      report(
        `the nodes of ${resource.name} are private (${setting.path}), and the stack has no gcp.compute.RouterNat. Fix: add one`,
        resource.urn,
      );
    }
  }),
};
