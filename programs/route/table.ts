/** What the entries of a routing table do to a packet. Pure. */
import { type AddressBlock, type Family, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { formatRoute, gatewaysOf, type Route } from "../../net/ip.ts";

/** One entry of a vantage's main table. */
export interface TableEntry {
  /** In the notation of `ip route`. */
  readonly text: string;
  readonly block: AddressBlock;
  /** Length of the prefix in bits. The longest that matches an address wins. */
  readonly prefix: number;
  /** Among equal prefixes the lowest wins. */
  readonly metric: number;
  /** Next hops. Empty for an on-link and for a discarding route. */
  readonly gateways: readonly string[];
  /** Undefined for a discarding route. */
  readonly device: string | undefined;
  readonly kind: "gateway" | "onLink" | "discard";
  /** Name or number of the kernel's routing protocol that added the route. */
  readonly protocol: string;
}

/** The entry for a route of `ip -j route show`. */
export function tableEntry(route: Route, family: Family): TableEntry {
  const block = destinationOf(route.dst, family);
  const gateways = gatewaysOf(route);
  const discards = route.type !== undefined && route.type !== "unicast";
  return {
    text: formatRoute(route),
    block,
    prefix: prefixOf(block),
    metric: route.metric ?? 0,
    gateways,
    device: route.dev ?? route.nexthops?.find(({ dev }) => dev !== undefined)?.dev,
    kind: discards ? "discard" : gateways.length > 0 ? "gateway" : "onLink",
    protocol: route.protocol ?? "boot",
  };
}

/** Length of a network's prefix in bits. */
export function prefixOf(network: AddressBlock): number {
  const bits = network.family === 4 ? 32 : 128;
  return bits - ((network.last - network.first + 1n).toString(2).length - 1);
}

function destinationOf(text: string, family: Family): AddressBlock {
  if (text === "default") return parseNetwork(family === 4 ? "0.0.0.0/0" : "::/0");
  return text.includes("/") ? parseNetwork(text) : parseAddress(text);
}
