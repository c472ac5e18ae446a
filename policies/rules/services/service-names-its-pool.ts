import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

import { isLoadBalancer, isPool, oldPrefix, poolAnnotation } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

interface Configuration {
  readonly servedBy: "auto" | "metallb" | "cloud";
  readonly poolsOutside: readonly string[];
}

const defaults: Configuration = { servedBy: "auto", poolsOutside: [] };

/**
 * A Service without a pool's name gets an address from any pool. An address of the node network
 * reaches every client there. An address of another pool needs a route. The pool may change when
 * the Service is recreated. With a name that no pool has, the Service never gets an address.
 */
export const serviceNamesItsPool: StackValidationPolicy = {
  name: "service-names-its-pool",
  displayName: "LoadBalancer Services name their pool",
  description: "Every LoadBalancer Service that MetalLB serves names an existing pool.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["metallb", "services", "addresses"],
  url: "https://metallb.io/usage/",
  remediationSteps:
    'Set metadata.annotations["metallb.io/address-pool"] of the Service to the name of a pool in provenet:network.pools. The deprecated prefix metallb.universe.tf/ counts too. The rule ignores a Service with a loadBalancerClass.',
  configSchema: {
    properties: {
      servedBy: {
        type: "string",
        enum: ["auto", "metallb", "cloud"],
        description:
          "What assigns addresses to LoadBalancer Services. With auto, MetalLB does if the stack has one of its pools.",
        default: defaults.servedBy,
      },
      poolsOutside: {
        type: "array",
        items: { type: "string" },
        description: "Names of pools that exist outside the stack.",
        default: [],
      },
    },
  },
  validateStack: (args, report) => {
    const { servedBy, poolsOutside } = { ...defaults, ...args.getConfig<Partial<Configuration>>() };
    const pools = args.resources.filter(isPool);
    if (servedBy === "cloud" || (servedBy === "auto" && pools.length === 0)) return;

    for (const service of args.resources) {
      const props = Property.of(service.props);
      if (!isLoadBalancer(service, props) || !props.at("spec", "loadBalancerClass").isMissing) {
        continue;
      }
      const fault = faultIn(props, pools, poolsOutside);
      if (fault !== undefined) report(fault, service.urn);
    }
  },
};

function faultIn(
  service: Property,
  pools: readonly PolicyResource[],
  outside: readonly string[],
): string | undefined {
  const annotations = service.at("metadata", "annotations");
  const current = annotations.at(poolAnnotation);
  const named = current.isMissing ? annotations.at(`${oldPrefix}address-pool`) : current;
  if (named.isUnknown) return undefined;

  const names = pools.map((pool) => Property.of(pool.props).at("metadata", "name"));
  const known = [...names.flatMap(({ text }) => text ?? []), ...outside];
  const choice = known.length === 0 ? "the pool's name" : known.join(" or ");
  if (named.text === undefined || named.text === "") {
    return `${current.path} is not set. Fix: set ${choice}`;
  }
  // A pool with an unknown name may be the one that the Service names.
  const everyNameIsKnown = names.length > 0 && names.every(({ text }) => text !== undefined);
  if (!everyNameIsKnown || known.includes(named.text)) return undefined;
  return `${named.path} is ${named.text}, which is no pool. Fix: set ${choice}`;
}
