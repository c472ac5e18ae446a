import { contains, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { enterVantage, parseVantage } from "../../net/vantage.ts";
import type { RouteRequest } from "./request.ts";
import { prefixOf, type Route } from "./routeTable.ts";

/** What a host's table means for a route that is asked for. */
export type Judgement =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly route: Route }
  | { readonly state: "refused"; readonly reasons: readonly string[] };

/** Metric the kernel gives a route that is added without one. */
const newMetric = { 4: 0, 6: 1024 } as const;

/**
 * Whether the route can be added to the table, is there already, or could not carry what it is for.
 * Every reason says what is in the way and what to do, with commands that act on the same vantage.
 */
export function judge(
  request: RouteRequest,
  table: readonly Route[],
  ownAddresses: readonly string[],
): Judgement {
  const network = parseNetwork(request.to);
  const prefix = prefixOf(network);
  const inside = table.filter(({ block }) => contains(network, block));
  const equal = inside
    .filter((route) => route.prefix === prefix)
    .sort((a, b) => a.metric - b.metric);
  const winner = equal[0];
  const isRight = (route: Route) => leadsTo(route, request.via);
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

/** Whether packets that the route takes go to this gateway and no other. */
function leadsTo(route: Route, via: string): boolean {
  const wanted = parseAddress(via).first;
  return (
    route.kind === "gateway" &&
    route.gateways.every((gateway) => parseAddress(gateway).first === wanted)
  );
}

function faultsOfGateway(
  via: string,
  table: readonly Route[],
  ownAddresses: readonly string[],
): string[] {
  const gateway = parseAddress(via);
  const isOwn = ownAddresses.some((own) => parseAddress(own).first === gateway.first);
  if (isOwn) {
    return [
      `${via} is an address of this host itself: packets would be put on the link instead of ` +
        `being forwarded; write the router's address in the same network`,
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
  route: Route,
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
  if (route.kind === "discard") return `${why}: packets are thrown away; ${removal}`;
  if (route.kind === "onLink") {
    const device = route.device ?? "its interface";
    const remedy =
      route.protocol === "kernel"
        ? `take that address off ${device} ("${command} address show dev ${device}") or use another network`
        : removal;
    return `${why}: the host looks for the addresses on the link of ${device}; ${remedy}`;
  }
  const own = route.gateways.find((gateway) => ownAddresses.includes(gateway));
  const cause = own === undefined ? "" : `: ${own} is this host itself, so packets go nowhere`;
  return `${why}${cause}; ${removal}`;
}
