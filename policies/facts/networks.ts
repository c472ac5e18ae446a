/** Which networks a stack has, as far as its resources and the pack's configuration tell. */
import type { PolicyResource } from "@pulumi/policy";

import { faultOf, parseNetwork, type AddressBlock } from "../../net/addresses.ts";
import { isKind, podTemplateOf } from "./kubernetes.ts";
import { Property } from "../sdk/property.ts";

/** A network and who says so. */
export interface Network extends AddressBlock {
  readonly source: string;
}

/** The networks that matter to a pool of addresses. */
export interface Networks {
  readonly pods: readonly Network[];
  readonly services: readonly Network[];
  /** Networks that clients have a way to: the nodes' own, and those that routes lead to. */
  readonly routed: readonly Network[];
  /** Whether a route leads to a network that nobody knows yet. */
  readonly hasUnknownRoute: boolean;
}

type Use = "pods" | "services" | "routed";

/** Networks given in the pack's configuration; they add to what the stack shows. */
export interface NetworkConfiguration {
  readonly podNetworks: readonly string[];
  readonly serviceNetworks: readonly string[];
  readonly routedNetworks: readonly string[];
}

type Found = readonly [use: Use, text: Property | string, source: string];

/** Gathers the networks from every place that names one. */
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
  if (
    ["crd.projectcalico.org", "projectcalico.org"].some((group) => isKind(type, group, "IPPool"))
  ) {
    // A pool for LoadBalancer addresses gives none to pods.
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

/** The network, unless it is not known yet or not one: that is for others to report. */
function parsed(given: Property | string, source: string): Network[] {
  const text = typeof given === "string" ? given : given.text;
  if (text === undefined || faultOf(parseNetwork, text) !== undefined) return [];
  return [{ ...parseNetwork(text), source }];
}
