import { type Neighbour, parseNeighbours, readIp, type Route } from "../../net/ip.ts";
import type { Finding } from "../model.ts";
import { type Observer, skipped, unknown } from "./context.ts";

/** Hop 4: whether the next hop answers ARP or NDP. */
export const observeClientNeighbour: Observer = async ({ request, target, lookup, asked }) => {
  const found = await lookup;
  if (found.kind !== "read") return unknown("no route, so no next hop");
  const { way } = found.value;
  if (way.type === "local") return skipped("the address is the client's own");
  const nextHop = way.gateway ?? target;
  // The kernel looks for a neighbour only when it has a packet for it.
  await asked;
  const on = way.dev === undefined ? [] : ["dev", way.dev];
  const table = await readIp([], ["neigh", "show", "to", nextHop, ...on], parseNeighbours);
  if (table.kind !== "read") return unknown(`the neighbour table could not be read: ${table.why}`);
  return judgeNeighbour(way, target, table.value, request.service !== undefined);
};

/** Judges the neighbour table's entry of the next hop. */
export function judgeNeighbour(
  way: Route,
  target: string,
  table: readonly Neighbour[],
  isService: boolean,
): Finding {
  const nextHop = way.gateway ?? target;
  const entry = table.find(({ dst }) => dst === nextHop);
  const dev = way.dev ?? "?";
  if (entry === undefined) return unknown(`no entry of ${nextHop} on ${dev}`);
  const at = entry.lladdr === undefined ? "" : ` at ${entry.lladdr}`;
  const evidence = [`${nextHop} on ${dev}${at}: ${entry.state.join(", ")}`];
  const silent = entry.state.some((state) => state === "FAILED" || state === "INCOMPLETE");
  if (!silent) return { state: "ok", evidence };
  const isGateway = way.gateway !== undefined;
  return {
    state: "broken",
    evidence,
    why: `${isGateway ? "the gateway" : "the address"} ${nextHop} does not answer on ${dev}: its neighbour entry is ${entry.state.join(", ")}`,
    remedy: isGateway
      ? `check that ${nextHop} is up and on the network of ${dev}, or correct the route's gateway`
      : `check that a host on the network of ${dev} has or announces ${nextHop}`,
    counts: "silence",
    // A Service's address is silent when no node announces it, which hop 9 explains.
    ...(isService && !isGateway ? { yieldsTo: 9 } : {}),
  };
}
