import type { StackValidationPolicy } from "@pulumi/policy";

import {
  contains,
  faultOf,
  overlaps,
  parseBlock,
  type AddressBlock,
} from "../../../net/addresses.ts";
import { isPool } from "../../facts/metallb.ts";
import { networksIn, type NetworkConfiguration, type Networks } from "../../facts/networks.ts";
import { Property } from "../../sdk/property.ts";

const defaults: NetworkConfiguration = {
  podNetworks: [],
  serviceNetworks: [],
  routedNetworks: [],
};

const networkList = (description: string) => ({
  type: "array" as const,
  items: { type: "string" as const },
  description,
  default: [],
});

/**
 * A pool outside the node network, such as 172.17.255.0/24, answers only clients that have a route
 * to it. Docker's own 172.17.0.0/16 hides it on a client without that route. A pool inside the pod
 * or service network is worse, because a node treats its addresses as pods or cluster addresses and
 * the packet never leaves the node.
 */
export const poolIsRouted: StackValidationPolicy = {
  name: "pool-is-routed",
  displayName: "Clients have a route to every pool",
  description:
    "Every IPAddressPool is outside the pod and service networks, and inside the node network or a network that a HostRoute leads to.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["metallb", "addresses", "routes"],
  url: "https://metallb.io/configuration/",
  remediationSteps:
    "Use free addresses of the node network, or add a route to the pool's network in provenet:network.routes. The rule reads networks from the cluster component, HostRoutes and Calico's pools, and adds those in its settings. It checks nothing against a network that it does not know.",
  configSchema: {
    properties: {
      podNetworks: networkList("Networks of pod addresses, such as 10.244.0.0/16."),
      serviceNetworks: networkList("Networks of cluster addresses, such as 10.96.0.0/12."),
      routedNetworks: networkList("Networks that clients reach through routes outside the stack."),
    },
  },
  validateStack: (args, report) => {
    const configuration = { ...defaults, ...args.getConfig<Partial<NetworkConfiguration>>() };
    const networks = networksIn(args.resources, configuration);
    for (const pool of args.resources.filter(isPool)) {
      for (const address of Property.of(pool.props).at("spec", "addresses").items()) {
        if (address.text === undefined) continue;
        const fault =
          faultOf(parseBlock, address.text) ?? faultIn(parseBlock(address.text), networks);
        if (fault !== undefined) report(`${address.path}: ${fault}`, pool.urn);
      }
    }
  },
};

function faultIn(block: AddressBlock, networks: Networks): string | undefined {
  const { pods, services, routed, hasUnknownRoute } = networks;
  const taken = [
    ...pods.map((network) => ({ network, use: "pods" })),
    ...services.map((network) => ({ network, use: "Services" })),
  ].find(({ network }) => overlaps(network, block));
  const wanted = routed.map(({ text }) => text).join(" or ");
  const instead = wanted === "" ? "addresses of the node network" : `addresses in ${wanted}`;
  if (taken !== undefined) {
    const { network, use } = taken;
    return `${block.text} overlaps ${network.text}, the network of ${use} (${network.source}). Fix: set ${instead}`;
  }

  const family = routed.filter((network) => network.family === block.family);
  if (hasUnknownRoute || family.length === 0) return undefined;
  if (family.some((network) => contains(network, block))) return undefined;
  return `${block.text} is in no network that clients have a route to. Fix: set ${instead}, or add a HostRoute to it`;
}
