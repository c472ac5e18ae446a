/** Ranges that a GKE cluster takes addresses from. */
import { faultOf, parseNetwork, type AddressBlock } from "../../net/addresses.ts";
import type { Property } from "../sdk/property.ts";
import type { NodeSet } from "./gke.ts";
import type { PlacedCluster } from "./gkeStack.ts";

/** The network, or undefined if it is unknown, not a network, or only a size such as `/14`. */
export function rangeOf({ text }: Property): AddressBlock | undefined {
  if (text === undefined || faultOf(parseNetwork, text) !== undefined) return undefined;
  return parseNetwork(text);
}

/**
 * The pod range of a cluster, or the named one of its subnetwork. Undefined if the stack does not
 * show it, or if the cluster may take addresses from further ranges.
 */
export function podRangeOf(
  { allocation, routedPodNetwork, placedIn }: PlacedCluster,
  name?: string,
): AddressBlock | undefined {
  if (allocation.isUnknown) return undefined;
  const further = [
    allocation.at("additionalPodRangesConfig"),
    allocation.at("additionalIpRangesConfigs"),
  ];
  if (name === undefined && further.some(({ isMissing }) => !isMissing)) return undefined;
  const wanted = name ?? allocation.at("clusterSecondaryRangeName").text;
  if (wanted === undefined) {
    return rangeOf(allocation.at("clusterIpv4CidrBlock")) ?? rangeOf(routedPodNetwork);
  }
  const named = placedIn?.secondary.find((range) => range.name.text === wanted);
  return named && rangeOf(named.network);
}

/** GKE's default for the pods of a node. */
const usualPods = 110;

/** Pod addresses that each node takes, or undefined while that is unknown. */
export function podAddressesPerNode(set: NodeSet, cluster: PlacedCluster): bigint | undefined {
  const own = set.pool.at("maxPodsPerNode");
  const pods = own.isMissing ? cluster.maxPodsPerNode : own;
  if (pods.isUnknown) return undefined;
  const overprovision = [set.pool.at("networkConfig"), cluster.allocation].map((at) =>
    at.at("podCidrOverprovisionConfig", "disabled"),
  );
  const decides = overprovision.find(({ isMissing }) => !isMissing);
  if (decides?.isUnknown === true) return undefined;
  return blockFor(pods.number ?? usualPods, decides?.isTrue === true ? 1 : 2);
}

/** The smallest power of two that holds this many times the pods. */
function blockFor(pods: number, times: 1 | 2): bigint {
  let size = 1n;
  while (size < BigInt(pods)) size *= 2n;
  return size * BigInt(times);
}
