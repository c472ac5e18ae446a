/** Facts about MetalLB. */
import type { PolicyResource } from "@pulumi/policy";

import { isKind, kindOf } from "./kubernetes.ts";
import type { Property } from "../sdk/property.ts";

const group = "metallb.io";

/** Annotation on a Service that names its pool. */
export const poolAnnotation = `${group}/address-pool`;

/** Prefix of MetalLB's annotations before 0.14.9. Deprecated, but still read. */
export const oldPrefix = "metallb.universe.tf/";

/** Whether the resource is of one of MetalLB's kinds. */
export function isMetalLbObject({ type }: Pick<PolicyResource, "type">): boolean {
  return kindOf(type)?.group === group;
}

/** Whether the resource is a pool of addresses. */
export function isPool(resource: Pick<PolicyResource, "type">): boolean {
  return isKind(resource.type, group, "IPAddressPool");
}

/** Whether the resource makes MetalLB answer ARP for addresses of pools. */
export function isL2Advertisement(resource: Pick<PolicyResource, "type">): boolean {
  return isKind(resource.type, group, "L2Advertisement");
}

/** Whether the Service requests an address from a load balancer. */
export function isLoadBalancer(resource: Pick<PolicyResource, "type">, props: Property): boolean {
  return isKind(resource.type, "", "Service") && props.at("spec", "type").text === "LoadBalancer";
}
