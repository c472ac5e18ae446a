import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

import { maybeSameNamespace, maybeSatisfies, namespaceOf } from "../../facts/kubernetes.ts";
import { isL2Advertisement, isPool } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

/**
 * MetalLB gives out addresses of a pool that nobody announces: the Service shows one, nothing
 * answers ARP for it, and the client sees silence, as it would with a wrong route, a firewall or a
 * dead node. Of the nineteen places to look this is the one that no command on a node shows.
 */
export const poolIsAdvertised: StackValidationPolicy = {
  name: "pool-is-advertised",
  displayName: "Every pool is advertised",
  description:
    "Every IPAddressPool is selected by an L2Advertisement in its namespace: by name, by label, or by one that names neither, which selects all.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["metallb", "addresses"],
  url: "https://metallb.io/configuration/",
  remediationSteps:
    "Make pools with LoadBalancerPool, which advertises them, or add the pool's name to an L2Advertisement's spec.ipAddressPools.",
  validateStack: (args, report) => {
    const advertisements = args.resources.filter(isL2Advertisement);
    for (const pool of args.resources.filter(isPool)) {
      if (advertisements.some((advertisement) => maybeSelects(advertisement, pool))) continue;
      const name = Property.of(pool.props).at("metadata", "name").text ?? pool.name;
      report(
        `no L2Advertisement selects the pool ${name}, so nothing answers ARP for its addresses; set spec.ipAddressPools of one in its namespace to ["${name}"]`,
        pool.urn,
      );
    }
  },
};

function maybeSelects(advertisement: PolicyResource, pool: PolicyResource): boolean {
  if (!maybeSameNamespace(namespaceOf(advertisement), namespaceOf(pool))) return false;
  const spec = Property.of(advertisement.props).at("spec");
  const names = spec.at("ipAddressPools");
  const selectors = spec.at("ipAddressPoolSelectors");
  if (spec.isUnknown || names.isUnknown || selectors.isUnknown) {
    return maybeMeans(advertisement, pool);
  }
  if (names.items().length === 0 && selectors.items().length === 0) return true;

  const metadata = Property.of(pool.props).at("metadata");
  const name = metadata.at("name").text;
  return (
    names.items().some((item) => {
      // A name that the provider makes up is missing until the provider runs.
      if (item.isUnknown || name === undefined) return maybeMeans(advertisement, pool);
      return item.text === name;
    }) || selectors.items().some((selector) => maybeSatisfies(selector, metadata.at("labels")))
  );
}

/**
 * Whether a name that nobody knows yet may be this pool's. A program that took it from a pool's
 * output depends on that pool; one that depends on none may mean any.
 */
function maybeMeans(advertisement: PolicyResource, pool: PolicyResource): boolean {
  const pools = advertisement.dependencies.filter(isPool);
  return pools.length === 0 || pools.some(({ urn }) => urn === pool.urn);
}
