/** Facts about firewall rules in Google Cloud. */
import type { PolicyResource } from "@pulumi/policy";

import { contains, faultOf, parseNetwork, type AddressBlock } from "../../net/addresses.ts";
import { inputsOf } from "../sdk/inputs.ts";
import { Property } from "../sdk/property.ts";

/**
 * Whether the resource is a firewall rule that may admit a TCP port from a network. An unknown value
 * may admit it, and an unknown network is any that the rule names.
 */
export function admitsPort(
  { type, props }: Pick<PolicyResource, "type" | "props">,
  port: number,
  from: AddressBlock | undefined,
): boolean {
  if (type !== "gcp:compute/firewall:Firewall") return false;
  const rule = Property.of(inputsOf(props));
  if (rule.at("disabled").isTrue || rule.at("direction").text === "EGRESS") return false;
  const allows = rule.at("allows");
  const sources = rule.at("sourceRanges");
  return (
    (allows.isUnknown || allows.items().some((allow) => allowsPort(allow, port))) &&
    (sources.isUnknown || sources.items().some((source) => covers(source, from)))
  );
}

function allowsPort(allow: Property, port: number): boolean {
  const protocol = allow.at("protocol");
  const isTcp = ["tcp", "6", "all"].includes(protocol.text?.toLowerCase() ?? "");
  if (!isTcp && !protocol.isUnknown) return false;
  const ports = allow.at("ports");
  // Without ports the rule opens all of them. Unknown ones may be any.
  return ports.items().length === 0 || ports.items().some(has(port));
}

const has = (port: number) => (range: Property) => {
  if (range.isUnknown) return true;
  const [first = "", last = first] = (range.text ?? String(range.number)).split("-");
  return Number(first) <= port && port <= Number(last);
};

function covers({ isUnknown, text }: Property, from: AddressBlock | undefined): boolean {
  if (isUnknown || from === undefined) return true;
  if (text === undefined || faultOf(parseNetwork, text) !== undefined) return false;
  return contains(parseNetwork(text), from);
}
