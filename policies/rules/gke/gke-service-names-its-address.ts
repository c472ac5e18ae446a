import type { StackValidationPolicy } from "@pulumi/policy";

import { gkeClusterType } from "../../facts/gke.ts";
import { soleGkeClusterIn } from "../../facts/gkeStack.ts";
import { isLoadBalancer } from "../../facts/metallb.ts";
import { whereStackHas } from "../../sdk/applicable.ts";
import { inputsOf } from "../../sdk/inputs.ts";
import { Property } from "../../sdk/property.ts";

interface Configuration {
  readonly addressesOutside: readonly string[];
}

const defaults: Configuration = { addressesOutside: [] };
const annotation = "networking.gke.io/load-balancer-ip-addresses";
const backendService = "cloud.google.com/l4-rbs";

/**
 * Google gives a Service without a reserved address any free one, and another when the Service is
 * created again. Everybody who knows the old one, such as a DNS server, then reaches strangers. Only
 * load balancers with a backend service look a reservation up by its name.
 */
export const gkeServiceNamesItsAddress: StackValidationPolicy = {
  name: "gke-service-names-its-address",
  displayName: "Services keep their addresses",
  description:
    "Every LoadBalancer Service in a GKE cluster names a reserved address, and has a load balancer that reads the name.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["gke", "services", "addresses"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters",
  remediationSteps: `Reserve a gcp.compute.Address in the cluster's region, and set metadata.annotations["${annotation}"] of the Service to its name and ["${backendService}"] to enabled. A spec.loadBalancerIP or a loadBalancerClass of GKE's is accepted too.`,
  configSchema: {
    properties: {
      addressesOutside: {
        type: "array",
        items: { type: "string" },
        description: "Names of addresses that are reserved outside the stack.",
        default: [],
      },
    },
  },
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    if (soleGkeClusterIn(args.resources) === undefined) return;
    const { addressesOutside } = { ...defaults, ...args.getConfig<Partial<Configuration>>() };
    const addresses = args.resources
      .filter(({ type }) => /^gcp:compute\/(?:global)?address:/i.test(type))
      .map(({ props }) => Property.of(inputsOf(props)).at("name"));
    for (const service of args.resources) {
      const props = Property.of(service.props);
      if (!isLoadBalancer(service, props)) continue;
      const fault = faultIn(props, addresses, addressesOutside);
      if (fault !== undefined) report(fault, service.urn);
    }
  }),
};

function faultIn(
  service: Property,
  addresses: readonly Property[],
  outside: readonly string[],
): string | undefined {
  const annotations = service.at("metadata", "annotations");
  const names = annotations.at(annotation);
  const fixed = service.at("spec", "loadBalancerIP");
  if (names.isUnknown || fixed.isUnknown || (fixed.text ?? "") !== "") return undefined;
  const known = [...addresses.flatMap(({ text }) => text ?? []), ...outside];
  const choice = known.length === 0 ? "the name of a gcp.compute.Address" : known.join(" or ");
  if ((names.text ?? "") === "") return `${names.path} is not set. Fix: set ${choice}`;

  const everyNameIsKnown = addresses.every(({ text }) => text !== undefined);
  const missing = names.text?.split(",").find((name) => !known.includes(name.trim()));
  if (missing !== undefined && everyNameIsKnown && known.length > 0) {
    return `${names.path} names ${missing}, which no resource reserves. Fix: set ${choice}`;
  }
  const reader = annotations.at(backendService);
  const isInternal = annotations.at("networking.gke.io/load-balancer-type").text === "Internal";
  const hasClass = !service.at("spec", "loadBalancerClass").isMissing;
  if (isInternal || hasClass || reader.isUnknown || reader.text === "enabled") return undefined;
  return `${reader.statement}, so the load balancer ignores ${names.path}. Fix: set enabled`;
}
