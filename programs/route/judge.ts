import { contains, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { enterVantage, parseVantage } from "../../net/vantage.ts";
import type { RouteRequest } from "./request.ts";
import { prefixOf, type TableEntry } from "./table.ts";

/** What a table means for a requested route. */
export type Judgement =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly route: TableEntry }
  | { readonly state: "refused"; readonly reasons: readonly string[] };

/** Metric of a route that is added without one. */
const newMetric = { 4: 0, 6: 1024 } as const;

/**
 * Whether the route can be added, exists already, or cannot work. Every reason names the obstacle
 * and what to do, with commands for the same vantage.
 */
export function judge(
  request: RouteRequest,
  table: readonly TableEntry[],
  ownAddresses: readonly string[],
): Judgement {
  const network = parseNetwork(request.to);
  const prefix = prefixOf(network);
  const inside = table.filter(({ block }) => contains(network, block));
  const equal = inside
    .filter((route) => route.prefix === prefix)
    .sort((a, b) => a.metric - b.metric);
  const winner = equal[0];
  const isRight = (route: TableEntry) => leadsTo(route, request.via);
  const taken =
    winner !== undefined && !isRight(winner) && winner.metric <= newMetric[network.family]
      ? [winner]
      : [];
  const longer = inside.filter((route) => route.prefix > prefix && !isRight(route));

  const reasons = [
    ...faultsOfGateway(request.via, table, ownAddresses),
    ...[...taken, ...longer].map((route) => inTheWay(route, request, prefix, ownAddresses)),
  ];
  if (reasons.length > 0) return { state: "refused", reasons };
  return winner !== undefined && isRight(winner)
    ? { state: "present", route: winner }
    : { state: "absent" };
}

/** Whether every packet of the route goes to this gateway. */
function leadsTo(route: TableEntry, via: string): boolean {
  const wanted = parseAddress(via).first;
  return (
    route.kind === "gateway" &&
    route.gateways.every((gateway) => parseAddress(gateway).first === wanted)
  );
}

function faultsOfGateway(
  via: string,
  table: readonly TableEntry[],
  ownAddresses: readonly string[],
): string[] {
  const gateway = parseAddress(via);
  const isOwn = ownAddresses.some((own) => parseAddress(own).first === gateway.first);
  if (isOwn) {
    return [
      `${via} is an address of this host itself, so packets would not be forwarded; ` +
        `write the router's address in the same network`,
    ];
  }
  const best = table
    .filter(({ block }) => contains(block, gateway))
    .sort((a, b) => b.prefix - a.prefix || a.metric - b.metric)[0];
  if (best?.kind === "onLink") return [];
  const found = best === undefined ? "no route leads there" : `it is behind "${best.text}"`;
  return [
    `${via} is not on a network of this host (${found}), so it cannot be a next hop; ` +
      `write a router's address that "ip route get" shows without "via"`,
  ];
}

function inTheWay(
  route: TableEntry,
  request: RouteRequest,
  prefix: number,
  ownAddresses: readonly string[],
): string {
  const { on, to, via } = request;
  const command = [...enterVantage(parseVantage(on)), "ip"].join(" ");
  const removal = `remove it with "${command} route del ${route.text}" if nothing needs it`;
  const why =
    route.prefix > prefix
      ? `"${route.text}" is the longer prefix and takes its part of ${to} away from ${via}`
      : `"${route.text}" takes ${to} and wins over a route through ${via}`;
  if (route.kind === "discard") return `${why}: packets are discarded; ${removal}`;
  if (route.kind === "onLink") {
    const device = route.device ?? "its interface";
    const remedy =
      route.protocol === "kernel"
        ? `take that address off ${device} ("${command} address show dev ${device}") or use another network`
        : removal;
    return `${why}: the host expects the addresses on the link of ${device}; ${remedy}`;
  }
  const own = route.gateways.find((gateway) => ownAddresses.includes(gateway));
  const cause = own === undefined ? "" : `: ${own} is this host itself, so packets go nowhere`;
  return `${why}${cause}; ${removal}`;
}
