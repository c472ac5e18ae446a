/** What several rules must know about MetalLB. */
import type { PolicyResource } from "@pulumi/policy";

import { isKind } from "./kubernetes.ts";
import type { Property } from "../sdk/property.ts";

const group = "metallb.io";

/** Annotation on a Service that names its pool. */
export const poolAnnotation = `${group}/address-pool`;

/** Prefix of MetalLB's annotations until 0.14.9; still read, deprecated since. */
export const oldPrefix = "metallb.universe.tf/";

/** Whether the resource is a pool of addresses. */
export function isPool(resource: Pick<PolicyResource, "type">): boolean {
  return isKind(resource.type, group, "IPAddressPool");
}

/** Whether the resource makes MetalLB answer ARP for the addresses of pools. */
export function isL2Advertisement(resource: Pick<PolicyResource, "type">): boolean {
  return isKind(resource.type, group, "L2Advertisement");
}

/** Whether the Service asks somebody for an address, MetalLB where it is installed. */
export function isLoadBalancer(resource: Pick<PolicyResource, "type">, props: Property): boolean {
  return isKind(resource.type, "", "Service") && props.at("spec", "type").text === "LoadBalancer";
}
