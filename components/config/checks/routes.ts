import type { Fault } from "../../../messages/faults.ts";
import { contains, overlaps } from "../../../net/addresses.ts";
import { formatVantage } from "../../../net/vantage.ts";
import { networksOf } from "./cluster.ts";
import { type ReadableValues, repeated } from "./placed.ts";

type Route = NonNullable<NonNullable<ReadableValues["network"]>["routes"]>[number];

/** Faults of routes with one another, with the node network and with the router. */
export function faultsInRoutes(values: ReadableValues): Fault[] {
  const routes = values.network?.routes ?? [];
  return [
    ...routes.flatMap((route, index) =>
      faultsInRoute(`provenet:network.routes[${index}]`, route, values),
    ),
    ...repeated(routes.map((route) => placeOf(route, values.client))).map(({ entry, index }) => ({
      propertyPath: `provenet:network.routes[${index}]`,
      reason: `a route to ${entry} exists already; write one next hop for it`,
    })),
  ];
}

function faultsInRoute(path: string, route: Route, { cluster, client }: ReadableValues): Fault[] {
  const { on, to, via } = route ?? {};
  const faults: Fault[] = [];
  if (to && via && contains(to, via)) {
    faults.push({
      propertyPath: `${path}.via`,
      reason: `"${via.text}" lies in "${to.text}", the network behind it; write the neighbour that is one hop nearer`,
    });
  }
  if (to && via && to.family !== via.family) {
    faults.push({
      propertyPath: `${path}.via`,
      reason: `"${via.text}" and "${to.text}" mix IPv4 and IPv6; write both in one family`,
    });
  }
  const { node } = networksOf(cluster);
  if (to && node && overlaps(to, node.block)) {
    faults.push({
      propertyPath: `${path}.to`,
      reason: `"${to.text}" overlaps "${node.block.text}" of ${node.path}, which the client must reach before the program runs; write a network outside it`,
    });
  }
  // An unreadable client may hold the router.
  if (on === "router" && client !== undefined && client.router === undefined) {
    faults.push({
      propertyPath: `${path}.on`,
      reason: `"router" needs provenet:client.router; set it, for example to netns:/run/netns/router`,
    });
  }
  return faults;
}

/** Where a route is set and where it leads, for comparison. */
function placeOf(route: Route, client: ReadableValues["client"]): string | undefined {
  const { on, to } = route ?? {};
  const vantage = on === "router" ? client?.router : on;
  return to && vantage && `${to.text} on ${formatVantage(vantage)}`;
}
