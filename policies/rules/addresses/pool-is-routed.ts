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
 * The exercise's pool, 172.17.255.0/24, lies in no network of the nodes: it answered only where a
 * route by hand led to it, and where Docker's own 172.17.0.0/16 did not stand before that route. A
 * pool in the pod or the service network is worse: a node takes such an address for a pod's or for a
 * Service's own, and the packet never leaves it.
 */
export const poolIsRouted: StackValidationPolicy = {
  name: "pool-is-routed",
  displayName: "A pool's addresses can be reached",
  description:
    "Every IPAddressPool lies outside the pod and service networks, and inside the nodes' network or one that a HostRoute leads to.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["metallb", "addresses", "routes"],
  url: "https://metallb.io/configuration/",
  remediationSteps:
    "Take addresses of the nodes' network that nothing else uses, or add a HostRoute to the pool's network (stack config provenet:routes). The networks are read from the cluster component, HostRoutes and Calico's pools, and the settings add to them; what nobody names is not checked.",
  configSchema: {
    properties: {
      podNetworks: networkList("Networks that pods get addresses from, such as 10.244.0.0/16."),
      serviceNetworks: networkList("Networks of cluster addresses, such as 10.96.0.0/12."),
      routedNetworks: networkList("Networks that clients reach by routes outside the stack."),
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
  const instead = wanted === "" ? "addresses of the nodes' network" : `addresses in ${wanted}`;
  if (taken !== undefined) {
    const { network, use } = taken;
    return `${block.text} overlaps ${network.text}, the network of ${use} (${network.source}); set ${instead}`;
  }

  const family = routed.filter((network) => network.family === block.family);
  if (hasUnknownRoute || family.length === 0) return undefined;
  if (family.some((network) => contains(network, block))) return undefined;
  return `${block.text} is in no network that clients have a way to; set ${instead}, or add a HostRoute to it`;
}
