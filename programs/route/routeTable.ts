import { z } from "zod";

import { type AddressBlock, type Family, parseAddress, parseNetwork } from "../../net/addresses.ts";

/** One entry of a host's table. */
export interface Route {
  /** As people write it: `192.0.2.0/24 via 198.51.100.1 dev eth0 metric 100`. */
  readonly text: string;
  readonly block: AddressBlock;
  /** Length of the prefix in bits: the longest that matches an address wins. */
  readonly prefix: number;
  /** Among equal prefixes the lowest wins. */
  readonly metric: number;
  /** Next hops; none where packets are put on the link, or thrown away. */
  readonly gateways: readonly string[];
  /** Interface; undefined where packets are thrown away. */
  readonly device: string | undefined;
  /** What becomes of a packet. */
  readonly kind: "gateway" | "onLink" | "discard";
  /** Who put it there: a name or number of the kernel's routing protocols. */
  readonly protocol: string;
}

const hop = z.object({
  gateway: z.string().optional(),
  via: z.object({ host: z.string() }).optional(),
  dev: z.string().optional(),
});
const entry = hop.extend({
  type: z.string().optional(),
  dst: z.string(),
  protocol: z.string().optional(),
  metric: z.number().optional(),
  nexthops: z.array(hop).optional(),
});
const addressEntry = z.object({
  addr_info: z.array(z.object({ local: z.string().optional() })).optional(),
});

/** Reads what `ip -j route show` prints. */
export function parseRouteTable(text: string, family: Family): Route[] {
  return z
    .array(entry)
    .parse(parseJson(text))
    .map((raw) => {
      const block = destination(raw.dst, family);
      const hops = raw.nexthops ?? [raw];
      const gateways = hops.flatMap(({ gateway, via }) => gateway ?? via?.host ?? []);
      const device = hops.find(({ dev }) => dev !== undefined)?.dev;
      const discards = raw.type !== undefined && raw.type !== "unicast";
      const metric = raw.metric ?? 0;
      const text = [
        ...(discards ? [raw.type] : []),
        raw.dst,
        ...gateways.flatMap((gateway) => ["via", gateway]),
        ...(device === undefined ? [] : ["dev", device]),
        ...(metric === 0 ? [] : ["metric", metric]),
      ].join(" ");
      return {
        text,
        block,
        prefix: prefixOf(block),
        metric,
        gateways,
        device,
        kind: discards ? "discard" : gateways.length > 0 ? "gateway" : "onLink",
        protocol: raw.protocol ?? "boot",
      };
    });
}

/** The addresses in what `ip -j address show` prints. */
export function parseOwnAddresses(text: string): string[] {
  return z
    .array(addressEntry)
    .parse(parseJson(text))
    .flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => local ?? []));
}

/** Next hop and interface in what `ip -j route get ADDRESS` prints. */
export function parseLookup(text: string): {
  readonly gateway: string | undefined;
  readonly device: string | undefined;
} {
  const [found] = z.array(hop).parse(parseJson(text));
  return { gateway: found?.gateway ?? found?.via?.host, device: found?.dev };
}

/** Length of a network's prefix in bits. */
export function prefixOf(network: AddressBlock): number {
  const bits = network.family === 4 ? 32 : 128;
  return bits - ((network.last - network.first + 1n).toString(2).length - 1);
}

function destination(text: string, family: Family): AddressBlock {
  if (text === "default") return parseNetwork(family === 4 ? "0.0.0.0/0" : "::/0");
  return text.includes("/") ? parseNetwork(text) : parseAddress(text);
}

function parseJson(text: string): unknown {
  // An empty table is printed as nothing by some versions.
  return text.trim() === "" ? [] : JSON.parse(text);
}
