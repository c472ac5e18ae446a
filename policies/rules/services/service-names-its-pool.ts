import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

import { isLoadBalancer, isPool, oldPrefix, poolAnnotation } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

interface Configuration {
  readonly servedBy: "auto" | "metallb" | "cloud";
  readonly poolsOutside: readonly string[];
}

const defaults: Configuration = { servedBy: "auto", poolsOutside: [] };

/**
 * With two pools and no name MetalLB takes an address from either. The one in the nodes' network is
 * reached by everybody on it, the other only through a route: which of the two a Service got decided
 * whether clients reached it, and a deletion and re-creation could turn it around. A name that no
 * pool has leaves the Service pending for ever.
 */
export const serviceNamesItsPool: StackValidationPolicy = {
  name: "service-names-its-pool",
  displayName: "LoadBalancer Services name their pool",
  description: "Where MetalLB serves them, LoadBalancer Services name a pool that is there.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["metallb", "services", "addresses"],
  url: "https://metallb.io/usage/",
  remediationSteps:
    "Set metadata.annotations[\"metallb.io/address-pool\"] of the Service to the pool's name: with LoadBalancerPool, its output poolName. The old prefix metallb.universe.tf/ is taken too; a Service with a loadBalancerClass is somebody else's.",
  configSchema: {
    properties: {
      servedBy: {
        type: "string",
        enum: ["auto", "metallb", "cloud"],
        description:
          "Who gives LoadBalancer Services their addresses; auto means MetalLB where the stack has one of its pools.",
        default: defaults.servedBy,
      },
      poolsOutside: {
        type: "array",
        items: { type: "string" },
        description: "Names of pools that exist without being part of the stack.",
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
    return `${current.path} is not set; set ${choice}`;
  }
  // A pool whose name is not a known text may be the one that is meant.
  const everyNameIsKnown = names.length > 0 && names.every(({ text }) => text !== undefined);
  if (!everyNameIsKnown || known.includes(named.text)) return undefined;
  return `${named.path} is ${named.text}, which is no pool; set ${choice}`;
}
