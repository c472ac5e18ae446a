/** Reads `ip -j` at a vantage: routes, neighbours, addresses. */
import { isIPv6 } from "node:net";
import { z } from "zod";

import { CouldNotAsk } from "../messages/errors.ts";
import { contains, parseAddress, parseNetwork } from "./addresses.ts";
import { run } from "./run.ts";

const hopSchema = z.object({
  gateway: z.string().optional(),
  /** A gateway of the other family. */
  via: z.object({ host: z.string() }).optional(),
  dev: z.string().optional(),
});

const routeSchema = hopSchema.extend({
  type: z.string().optional(),
  dst: z.string(),
  /** Several next hops that share the packets. */
  nexthops: z.array(hopSchema).optional(),
  prefsrc: z.string().optional(),
  protocol: z.string().optional(),
  table: z.string().optional(),
  metric: z.number().optional(),
  flags: z.array(z.string()).default([]),
});

const neighbourSchema = z.object({
  dst: z.string(),
  dev: z.string().optional(),
  lladdr: z.string().optional(),
  state: z.array(z.string()).default([]),
});

const linkSchema = z.object({
  ifname: z.string(),
  addr_info: z.array(z.object({ local: z.string().optional(), prefixlen: z.number().optional() })),
});

/** A route, as `ip -j route` prints it. */
export type Route = z.infer<typeof routeSchema>;

/** An entry of the neighbour table, as `ip -j neigh` prints it. */
export type Neighbour = z.infer<typeof neighbourSchema>;

/** An address of an interface, with the length of its network's prefix. */
export interface InterfaceAddress {
  readonly dev: string;
  readonly address: string;
  readonly prefixLength: number;
}

/** Parses `ip -j route show` or `ip -j route get`. @throws CouldNotAsk */
export function parseRoutes(text: string): Route[] {
  return parseList(text, "route", routeSchema).map((route) =>
    route.gateway === undefined && route.via !== undefined
      ? { ...route, gateway: route.via.host }
      : route,
  );
}

/** Parses `ip -j neigh show`. @throws CouldNotAsk */
export function parseNeighbours(text: string): Neighbour[] {
  return parseList(text, "neigh", neighbourSchema);
}

/** Parses `ip -j addr show`. @throws CouldNotAsk */
export function parseInterfaceAddresses(text: string): InterfaceAddress[] {
  return parseList(text, "addr", linkSchema).flatMap((link) =>
    link.addr_info.flatMap(({ local, prefixlen }) =>
      local === undefined || prefixlen === undefined
        ? []
        : [{ dev: link.ifname, address: local, prefixLength: prefixlen }],
    ),
  );
}

function parseList<Item>(text: string, what: string, schema: z.ZodType<Item>): Item[] {
  if (text.trim() === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CouldNotAsk(`ip -j ${what} printed no JSON: ${text.slice(0, 60)}`);
  }
  const list = z.array(z.unknown()).safeParse(value);
  if (!list.success) throw new CouldNotAsk(`ip -j ${what} printed no list`);
  // Some versions print an empty object for each entry that a filter left out.
  const entries = list.data.filter((entry) => JSON.stringify(entry) !== "{}");
  const items = z.array(schema).safeParse(entries);
  if (!items.success) {
    const where = items.error.issues[0]?.path.join(".") ?? "";
    throw new CouldNotAsk(`ip -j ${what} printed an unexpected entry at ${where}`);
  }
  return items.data;
}

/** The result of `ip` at a vantage. */
export type Read<Value> =
  | { readonly kind: "read"; readonly value: Value }
  /** The kernel's own refusal, such as `Network is unreachable`. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** A route lookup: the chosen way, and the entry of the table that won. */
export interface Lookup {
  readonly way: Route;
  readonly matched: Route;
}

/** Runs `ip -j` with a prefix that enters the vantage, and parses what it prints. */
export async function readIp<Value>(
  prefix: readonly string[],
  words: readonly string[],
  parse: (text: string) => Value,
): Promise<Read<Value>> {
  const ran = await run([...prefix, "ip", "-j", ...words]);
  if (ran.kind !== "ended") return { kind: "unreadable", why: ran.why };
  if (ran.code !== 0) {
    const refusal = /RTNETLINK answers: (.+)/.exec(ran.stderr)?.[1];
    if (refusal !== undefined) return { kind: "refused", why: refusal };
    const said = ran.stderr.trim().split("\n")[0] ?? "";
    return { kind: "unreadable", why: `ip ended with ${ran.code}: ${said}` };
  }
  try {
    return { kind: "read", value: parse(ran.stdout) };
  } catch (error) {
    if (error instanceof CouldNotAsk) return { kind: "unreadable", why: error.message };
    throw error;
  }
}

/**
 * Asks the kernel at a vantage for the way to an address.
 *
 * @param more further words of `ip route get`, such as `from ADDRESS iif DEVICE`
 */
export async function lookUp(
  prefix: readonly string[],
  target: string,
  more: readonly string[] = [],
): Promise<Read<Lookup>> {
  const [way, matched] = await Promise.all([
    readIp(prefix, ["route", "get", target, ...more], parseRoutes),
    readIp(prefix, ["route", "get", "fibmatch", target, ...more], parseRoutes),
  ]);
  if (way.kind !== "read") return way;
  const [first] = way.value;
  if (first === undefined) return { kind: "unreadable", why: "ip printed no route" };
  const entry = matched.kind === "read" ? matched.value[0] : undefined;
  return { kind: "read", value: { way: first, matched: entry ?? first } };
}

/** Reads every route that leads out of the host, of the target's family. */
export async function readRoutes(
  prefix: readonly string[],
  target: string,
): Promise<Read<Route[]>> {
  const family = isIPv6(target) ? "-6" : "-4";
  const routes = await readIp(prefix, [family, "route", "show", "table", "all"], parseRoutes);
  if (routes.kind !== "read") return routes;
  return { kind: "read", value: routes.value.filter((route) => route.table !== "local") };
}

/** Whether a route's destination (`default`, a network or an address) covers the address. */
export function covers(destination: string, address: string): boolean {
  if (destination === "default") return true;
  try {
    const block = destination.includes("/") ? parseNetwork(destination) : parseAddress(destination);
    return contains(block, parseAddress(address));
  } catch {
    return false;
  }
}

/** Every next hop. Empty for an on-link and for a discarding route. */
export function gatewaysOf(route: Route): string[] {
  const hops = route.nexthops ?? [route];
  return hops.flatMap(({ gateway, via }) => gateway ?? via?.host ?? []);
}

/** A route in the notation of `ip route`. */
export function formatRoute(route: Route): string {
  const type = route.type === undefined || route.type === "unicast" ? "" : `${route.type} `;
  const part = (word: string, value: string | number | undefined) =>
    value === undefined ? "" : ` ${word} ${value}`;
  return `${type}${route.dst}${gatewaysOf(route)
    .map((gateway) => part("via", gateway))
    .join(
      "",
    )}${part("dev", route.dev ?? route.nexthops?.find(({ dev }) => dev !== undefined)?.dev)}${part("metric", route.metric)}${part("table", route.table)}`;
}
