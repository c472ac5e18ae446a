/** Networks of a stack, from its resources and the pack's configuration. */
import type { PolicyResource } from "@pulumi/policy";

import { faultOf, parseNetwork, type AddressBlock } from "../../net/addresses.ts";
import { isCalicoPool } from "./calico.ts";
import { podTemplateOf } from "./kubernetes.ts";
import { Property } from "../sdk/property.ts";

/** A network and the resource or setting that names it. */
export interface Network extends AddressBlock {
  readonly source: string;
}

/** Networks that decide whether an address pool works. */
export interface Networks {
  readonly pods: readonly Network[];
  readonly services: readonly Network[];
  /** Networks that clients reach: the node network, and those that routes lead to. */
  readonly routed: readonly Network[];
  /** Whether a route leads to a network that is still unknown. */
  readonly hasUnknownRoute: boolean;
}

type Use = "pods" | "services" | "routed";

/** Networks in the rule's settings, in addition to those of the stack. */
export interface NetworkConfiguration {
  readonly podNetworks: readonly string[];
  readonly serviceNetworks: readonly string[];
  readonly routedNetworks: readonly string[];
}

type Found = readonly [use: Use, text: Property | string, source: string];

/** Collects the networks from resources and settings. */
export function networksIn(
  resources: readonly PolicyResource[],
  { podNetworks, serviceNetworks, routedNetworks }: NetworkConfiguration,
): Networks {
  const found: Found[] = [
    ...podNetworks.map((text): Found => ["pods", text, "podNetworks"]),
    ...serviceNetworks.map((text): Found => ["services", text, "serviceNetworks"]),
    ...routedNetworks.map((text): Found => ["routed", text, "routedNetworks"]),
    ...resources.flatMap(networksOf),
  ];
  const of = (use: Use): Network[] =>
    found.filter(([its]) => its === use).flatMap(([, text, source]) => parsed(text, source));
  const hasUnknownRoute = found.some(
    ([use, text]) => use === "routed" && typeof text !== "string" && text.isUnknown,
  );
  return { pods: of("pods"), services: of("services"), routed: of("routed"), hasUnknownRoute };
}

function networksOf(resource: PolicyResource): Found[] {
  const props = Property.of(resource.props);
  const { name, type } = resource;
  if (type.startsWith("provenet:cluster:")) {
    return [
      ["pods", props.at("podNetwork"), name],
      ["services", props.at("serviceNetwork"), name],
      ["routed", props.at("nodeNetwork"), name],
    ];
  }
  if (type === "provenet:network:HostRoute") return [["routed", props.at("to"), name]];
  if (isCalicoPool(resource)) {
    // Pods get no addresses from a pool for LoadBalancer Services.
    const uses = props.at("spec", "allowedUses").items();
    const isForPods = uses.length === 0 || uses.some(({ text }) => text !== "LoadBalancer");
    return isForPods ? [["pods", props.at("spec", "cidr"), name]] : [];
  }
  const containers = podTemplateOf(type, resource.props)?.spec.at("containers").items() ?? [];
  return containers
    .flatMap((container) => container.at("env").items())
    .filter((variable) => variable.at("name").text === "CALICO_IPV4POOL_CIDR")
    .map((variable): Found => ["pods", variable.at("value"), name]);
}

/** The network, or none if it is unknown or invalid, which other checks report. */
function parsed(given: Property | string, source: string): Network[] {
  const text = typeof given === "string" ? given : given.text;
  if (text === undefined || faultOf(parseNetwork, text) !== undefined) return [];
  return [{ ...parseNetwork(text), source }];
}
