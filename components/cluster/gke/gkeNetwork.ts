import { Firewall } from "@pulumi/gcp/compute/firewall.js";
import { Network } from "@pulumi/gcp/compute/network.js";
import { Router } from "@pulumi/gcp/compute/router.js";
import { RouterNat } from "@pulumi/gcp/compute/routerNat.js";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import * as pulumi from "@pulumi/pulumi";

import { type AddressBlock, formatBlock } from "../../../net/addresses.ts";

/** Names of the subnetwork's secondary ranges. */
export const rangeNames = { pods: "pods", services: "services" } as const;

/** Ports of admission webhooks on pods: ingress-nginx's, and the usual one of controllers. */
const webhookPorts = ["8443", "9443"];

/** Arguments for {@link GkeNetwork}. */
export interface GkeNetworkArgs {
  /** Name of the network and start of all other names. */
  readonly network: string;
  readonly region: string;
  /** Network tag that the nodes carry. */
  readonly nodeTag: string;
  readonly nodeNetwork: AddressBlock;
  readonly podNetwork: AddressBlock;
  readonly serviceNetwork: AddressBlock;
  readonly controlPlaneNetwork: AddressBlock;
}

/**
 * The network of one cluster in Google Cloud. Nodes have no public address, so they reach the
 * internet through Cloud NAT.
 *
 * @example
 * const { network, subnetwork } = new GkeNetwork("network", { …args.networks, region }, inCloud);
 */
export class GkeNetwork extends pulumi.ComponentResource {
  /** Id of the network. Resolves once it exists. */
  readonly network: pulumi.Output<string>;
  /** Id of the nodes' subnetwork. Resolves once it exists. */
  readonly subnetwork: pulumi.Output<string>;

  constructor(name: string, args: GkeNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:GkeNetwork", name, {}, opts);
    const { region } = args;
    const parent = { parent: this };

    const { id: network } = new Network(
      `${name}-vpc`,
      { name: args.network, autoCreateSubnetworks: false, routingMode: "REGIONAL" },
      parent,
    );
    const { id: subnetwork } = new Subnetwork(
      `${name}-subnetwork`,
      {
        name: `${args.network}-nodes`,
        network,
        region,
        ipCidrRange: formatBlock(args.nodeNetwork),
        secondaryIpRanges: [
          { rangeName: rangeNames.pods, ipCidrRange: formatBlock(args.podNetwork) },
          { rangeName: rangeNames.services, ipCidrRange: formatBlock(args.serviceNetwork) },
        ],
        // Google's registries and APIs are reached without the NAT.
        privateIpGoogleAccess: true,
      },
      // Google Cloud cannot modify a secondary range, and a cluster uses both. Its primary range is
      // taken until the old subnetwork is deleted, and its cluster is deleted before it.
      { ...parent, replaceOnChanges: ["secondaryIpRanges"], deleteBeforeReplace: true },
    );
    const router = new Router(`${name}-router`, { name: args.network, network, region }, parent);
    new RouterNat(
      `${name}-nat`,
      {
        name: args.network,
        router: router.name,
        region,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: subnetwork, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
      },
      parent,
    );
    // GKE itself opens 443 and 10250 only. A webhook on any other port times out without this rule.
    new Firewall(
      `${name}-webhooks`,
      {
        name: `${args.network}-webhooks`,
        description: "The control plane calls admission webhooks on the nodes.",
        network,
        direction: "INGRESS",
        sourceRanges: [formatBlock(args.controlPlaneNetwork)],
        targetTags: [args.nodeTag],
        allows: [{ protocol: "tcp", ports: webhookPorts }],
      },
      parent,
    );

    this.network = network;
    this.subnetwork = subnetwork;
    this.registerOutputs({ network, subnetwork });
  }
}
