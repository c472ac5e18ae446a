import type { StackValidationPolicy } from "@pulumi/policy";

import { overlaps } from "../../../net/addresses.ts";
import { gkeClustersIn } from "../../facts/gkeStack.ts";
import { placedNetworksIn, type PlacedNetwork } from "../../facts/placedNetworks.ts";

/**
 * A packet to an address that two networks share goes to one of them, and everything in the other is
 * unreachable from there. Google refuses some overlaps, but only after minutes. minikube and Calico
 * accept all of them, and the cluster looks healthy.
 */
export const clusterNetworksDoNotOverlap: StackValidationPolicy = {
  name: "cluster-networks-do-not-overlap",
  displayName: "No two networks of a cluster share an address",
  description:
    "The networks of nodes, pods, Services and control plane of a cluster, all ranges of its VPC, Calico's pools and MetalLB's pools do not overlap where the same packet could mean either.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["cluster", "gke", "addresses"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips",
  remediationSteps:
    "Give each network a free part of a private network such as 10.0.0.0/8. A wide IPPool may contain a narrow one if spec.disabled of the wide one is true. The rule pool-is-routed compares MetalLB's pools with the networks of pods and Services.",
  validateStack: (args, report) => {
    const networks = placedNetworksIn(args.resources);
    for (const [index, network] of networks.entries()) {
      const other = networks.slice(0, index).find((earlier) => clash(earlier, network));
      if (other === undefined) continue;
      report(
        `${network.path} is ${network.block.text}, which overlaps ${other.block.text}, ${other.use} (${other.path} of ${other.resource.name}). Fix: set a network that shares no address with it`,
        network.resource.urn,
      );
    }

    for (const { allocation, resource } of gkeClustersIn(args.resources)) {
      const services = allocation.at("servicesSecondaryRangeName");
      const pods = allocation.at("clusterSecondaryRangeName");
      if (services.text === undefined || services.text !== pods.text) continue;
      report(
        `${services.statement}, the range of the pods too. Fix: set another secondary range`,
        resource.urn,
      );
    }
  },
};

function clash(a: PlacedNetwork, b: PlacedNetwork): boolean {
  if (!overlaps(a.block, b.block)) return false;
  return a.place === b.place || a.alsoIn === b.place || b.alsoIn === a.place;
}
