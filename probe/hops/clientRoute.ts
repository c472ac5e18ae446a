import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";

import { parseAddress } from "../../net/addresses.ts";

import {
  covers,
  formatRoute,
  type InterfaceAddress,
  type Lookup,
  parseInterfaceAddresses,
  type Read,
  readIp,
  readRoutes,
  type Route,
} from "../../net/ip.ts";
import type { Finding } from "../model.ts";
import { type Observer, unknown } from "./context.ts";

/** The client's routing to an address. */
export interface ClientRouting {
  readonly target: string;
  readonly lookup: Read<Lookup>;
  /** Every route that leads out of the host. */
  readonly routes: readonly Route[];
  readonly addresses: readonly InterfaceAddress[];
  /** The request names a router on the path. */
  readonly hasRouter: boolean;
  /** Strictness of the reverse path filter on the way out: 0 off, 1 strict, 2 loose. */
  readonly reversePathFilter?: number;
}

/** Hop 2: which route the client's kernel takes, and what competes with it. */
export const observeClientRoute: Observer = async ({ request, target, lookup }) => {
  const [found, routes, addresses] = await Promise.all([
    lookup,
    readRoutes([], target),
    readIp([], ["addr", "show"], parseInterfaceAddresses),
  ]);
  const dev = found.kind === "read" ? found.value.way.dev : undefined;
  const strictness = isIPv6(target) ? undefined : await readReversePathFilter(dev);
  return judgeClientRoute({
    target,
    lookup: found,
    routes: routes.kind === "read" ? routes.value : [],
    addresses: addresses.kind === "read" ? addresses.value : [],
    hasRouter: request.router !== undefined && request.router !== "host",
    ...(strictness === undefined ? {} : { reversePathFilter: strictness }),
  });
};

/** The stricter of the filter for all interfaces and the one of this interface, as in the kernel. */
async function readReversePathFilter(dev: string | undefined): Promise<number | undefined> {
  if (dev === undefined) return undefined;
  const values = await Promise.all(
    ["all", dev].map(async (name) =>
      Number(await readFile(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, "utf8").catch(() => "x")),
    ),
  );
  const strictness = Math.max(...values);
  return Number.isInteger(strictness) ? strictness : undefined;
}

/** Judges a client's routing to an address. */
export function judgeClientRoute(routing: ClientRouting): Finding {
  const { target, lookup, routes } = routing;
  if (lookup.kind === "unreadable") return unknown(`the route could not be read: ${lookup.why}`);
  const covering = routes.filter((route) => covers(route.dst, target));
  const table = covering.map((route) => `table has: ${formatRoute(route)}`);
  if (lookup.kind === "refused") return judgeRefusal(target, lookup.why, covering, table);
  const { way, matched } = lookup.value;
  if (way.type === "local") {
    return { state: "ok", evidence: [`${target} is an address of this host`] };
  }
  const evidence = [
    `route: ${formatRoute(matched)}${way.prefsrc === undefined ? "" : ` from ${way.prefsrc}`}`,
    ...(covering.length > 1 ? table : []),
    ...(routing.reversePathFilter === undefined
      ? []
      : [`rp_filter on ${way.dev ?? "?"}: ${routing.reversePathFilter}`]),
  ];
  const fault =
    faultInLink(matched, way) ??
    faultInGateway(routing, matched) ??
    faultOnLink(routing, lookup.value, covering) ??
    faultInTwin(matched, covering) ??
    faultInSource(routing, way);
  return fault === undefined
    ? { state: "ok", evidence }
    : { state: "broken", evidence, counts: "silence", ...fault };
}

interface Contradiction {
  readonly why: string;
  readonly remedy: string;
}

function judgeRefusal(
  target: string,
  why: string,
  covering: readonly Route[],
  table: readonly string[],
): Finding {
  const special = covering.find((route) =>
    ["blackhole", "unreachable", "prohibit"].includes(route.type ?? ""),
  );
  return {
    state: "broken",
    evidence: [`lookup of ${target}: ${why}`, ...table],
    why:
      special === undefined
        ? `the client has no route to ${target} (${why})`
        : `the client's route "${formatRoute(special)}" forbids ${target} (${why})`,
    remedy:
      special === undefined
        ? `add one: ip route add ${hostNetwork(target)} via ROUTER`
        : `on the client, remove it: ip route del ${formatRoute(special)}`,
    counts: "always",
  };
}

function faultInLink(matched: Route, way: Route): Contradiction | undefined {
  const flags = [...matched.flags, ...way.flags];
  if (!flags.includes("linkdown") && !flags.includes("dead")) return undefined;
  return {
    why: `the route "${formatRoute(matched)}" leads to an interface without a link`,
    remedy: `bring ${way.dev ?? "the interface"} up, or add a longer prefix by another way`,
  };
}

function faultInGateway(routing: ClientRouting, matched: Route): Contradiction | undefined {
  const own = routing.addresses.find(({ address }) => address === matched.gateway);
  if (own === undefined) return undefined;
  return {
    why: `the gateway ${own.address} of the route "${formatRoute(matched)}" is the client itself`,
    remedy: `name the router's address: ip route replace ${matched.dst} via ROUTER`,
  };
}

function faultOnLink(
  routing: ClientRouting,
  { way, matched }: Lookup,
  covering: readonly Route[],
): Contradiction | undefined {
  if (way.gateway !== undefined) return undefined;
  const { target, addresses, hasRouter } = routing;
  const rival = covering.find((route) => route.gateway !== undefined && route.dst !== "default");
  const via = rival?.gateway ?? "ROUTER";
  const remedy =
    matched.protocol === "kernel"
      ? `add a longer prefix: ip route add ${hostNetwork(target)} via ${via}`
      : `on the client, remove it: ip route del ${formatRoute(matched)}`;
  const onLink = `the on-link route "${formatRoute(matched)}"`;
  if (rival !== undefined) return { why: `${onLink} wins over "${formatRoute(rival)}"`, remedy };
  if (hasRouter) return { why: `${onLink} bypasses the router on the path`, remedy };
  const connected = addresses.some(
    ({ dev, address, prefixLength }) =>
      dev === way.dev && coversFrom(address, prefixLength, target),
  );
  if (connected || matched.protocol === "kernel") return undefined;
  return { why: `${onLink} leads to a network in which the client has no address`, remedy };
}

function faultInTwin(matched: Route, covering: readonly Route[]): Contradiction | undefined {
  const twin = covering.find(
    (route) =>
      route.dst === matched.dst &&
      (route.metric ?? 0) === (matched.metric ?? 0) &&
      route.table === matched.table &&
      (route.gateway !== matched.gateway || route.dev !== matched.dev),
  );
  if (twin === undefined) return undefined;
  return {
    why: `"${formatRoute(matched)}" and "${formatRoute(twin)}" have the same metric, so their order decides`,
    remedy: `remove the wrong one: ip route del ${formatRoute(matched)}`,
  };
}

function faultInSource(routing: ClientRouting, way: Route): Contradiction | undefined {
  const { dev, prefsrc } = way;
  const owners = routing.addresses.filter(({ address }) => address === prefsrc);
  if (prefsrc === undefined || owners.length === 0) return undefined;
  if (owners.some((owner) => owner.dev === dev || owner.dev === "lo")) return undefined;
  return {
    why: `packets leave by ${dev ?? "?"} with the source address ${prefsrc} of ${owners[0]?.dev ?? "?"}`,
    remedy: `give the route a source address of its interface: ip route replace … src ADDRESS`,
  };
}

function coversFrom(address: string, prefixLength: number, target: string): boolean {
  const bits = isIPv6(address) ? 128 : 32;
  if (isIPv6(address) !== isIPv6(target)) return false;
  const shift = BigInt(bits - prefixLength);
  return parseAddress(address).first >> shift === parseAddress(target).first >> shift;
}

function hostNetwork(address: string): string {
  return `${address}/${isIPv6(address) ? 128 : 32}`;
}
