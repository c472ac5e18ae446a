import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

import { maybeSameNamespace, maybeSatisfies, namespaceOf } from "../../facts/kubernetes.ts";
import { isL2Advertisement, isPool } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

/**
 * MetalLB also assigns addresses of a pool that it does not announce. The Service shows an address,
 * but nothing answers ARP for it. The client's timeout looks like a wrong route, a firewall or a
 * dead node, and no command on a node shows the cause.
 */
export const poolIsAdvertised: StackValidationPolicy = {
  name: "pool-is-advertised",
  displayName: "Every pool is advertised",
  description:
    "An L2Advertisement in the same namespace selects every IPAddressPool by name or by label. One without names and labels selects all pools.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["metallb", "addresses"],
  url: "https://metallb.io/configuration/",
  remediationSteps:
    "Create the pool with LoadBalancerPool, which advertises it, or add its name to spec.ipAddressPools of an L2Advertisement.",
  validateStack: (args, report) => {
    const advertisements = args.resources.filter(isL2Advertisement);
    for (const pool of args.resources.filter(isPool)) {
      if (advertisements.some((advertisement) => maybeSelects(advertisement, pool))) continue;
      const name = Property.of(pool.props).at("metadata", "name").text ?? pool.name;
      report(
        `no L2Advertisement selects the pool ${name}, so nothing answers ARP for its addresses. Fix: set spec.ipAddressPools of an L2Advertisement in its namespace to ["${name}"]`,
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
      // A generated name is missing until the provider runs.
      if (item.isUnknown || name === undefined) return maybeMeans(advertisement, pool);
      return item.text === name;
    }) || selectors.items().some((selector) => maybeSatisfies(selector, metadata.at("labels")))
  );
}

/**
 * Whether an unknown name may be the name of this pool. An advertisement that reads the name from a
 * pool's output depends on that pool. One that depends on no pool may name any.
 */
function maybeMeans(advertisement: PolicyResource, pool: PolicyResource): boolean {
  const pools = advertisement.dependencies.filter(isPool);
  return pools.length === 0 || pools.some(({ urn }) => urn === pool.urn);
}
