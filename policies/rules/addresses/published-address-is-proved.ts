import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

import { isCommand } from "../../facts/commands.ts";
import { isIngress } from "../../facts/kubernetes.ts";
import { isLoadBalancer } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

/**
 * An assigned address may still be unreachable, because a route is missing, nothing answers ARP or a
 * firewall drops the packets. Only a check finds this out. Without an endpoint, the application comes
 * up and its address stays broken until a user complains.
 *
 * The probe of a check gets the address from the object, so it depends on the object. The engine
 * knows the dependency in a preview, when the address is still unknown.
 */
export const publishedAddressIsProved: StackValidationPolicy = {
  name: "published-address-is-proved",
  displayName: "Every published address is proved",
  description:
    "A check under provenet:verification depends on every LoadBalancer Service and every Ingress.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["addresses", "services", "ingress", "verification"],
  url: "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
  remediationSteps:
    "Add an endpoint to the component's endpoints. Take its address from status.loadBalancer of the Service or the Ingress. Pass the endpoints to Verification.",
  validateStack: ({ resources }, report) => {
    const proved = new Set(resources.filter(isProbe).flatMap(dependenciesOf));
    for (const resource of resources) {
      if (proved.has(resource.urn)) continue;
      if (isLoadBalancer(resource, Property.of(resource.props))) {
        report(
          "no check reaches the address of this LoadBalancer Service. Fix: publish an endpoint with the address from its status.loadBalancer",
          resource.urn,
        );
      } else if (isIngress(resource.type)) {
        report(
          "no check requests a host of this Ingress. Fix: publish an endpoint with the address from its status.loadBalancer",
          resource.urn,
        );
      }
    }
  },
};

function isProbe(resource: PolicyResource): boolean {
  return (
    isCommand(resource) && (resource.parent?.type.startsWith("provenet:verification:") ?? false)
  );
}

function dependenciesOf({ dependencies }: PolicyResource): string[] {
  return dependencies.map(({ urn }) => urn);
}
