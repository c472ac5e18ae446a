import { enterVantage, parseVantage } from "../../net/vantage.ts";
import { formatRoute, type Lookup, lookUp, type Read } from "../../net/ip.ts";
import type { Finding } from "../model.ts";
import { type Observer, skipped, unknown } from "./context.ts";

/** The router's routes between the client and the address. */
export interface RouterRouting {
  readonly target: string;
  readonly source: string;
  /** The router's own way to the address. */
  readonly there: Read<Lookup>;
  /** The router's own way to the client. */
  readonly back: Read<Lookup>;
  /** The way of a packet from the client. Undefined when it was not looked up. */
  readonly forwarded?: Read<Lookup>;
}

/** Hop 7: the router's routes in both directions. */
export const observeRouterRoute: Observer = async ({ request, target, lookup }) => {
  const found = await lookup;
  if (found.kind === "read" && found.value.way.type === "local") {
    return skipped("the address is the client's own");
  }
  if (request.router === undefined) return unknown("the request names no router");
  const source = found.kind === "read" ? found.value.way.prefsrc : undefined;
  if (source === undefined) return unknown("no route on the client, so no source address");
  const prefix = enterVantage(parseVantage(request.router));
  const [there, back] = await Promise.all([lookUp(prefix, target), lookUp(prefix, source)]);
  const dev = back.kind === "read" ? back.value.way.dev : undefined;
  if (there.kind !== "read" || dev === undefined || dev === "lo") {
    return judgeRouterRoute({ target, source, there, back });
  }
  const forwarded = await lookUp(prefix, target, ["from", source, "iif", dev]);
  return judgeRouterRoute({ target, source, there, back, forwarded });
};

/** Judges a router's routes. */
export function judgeRouterRoute(routing: RouterRouting): Finding {
  const { target, source, there, back, forwarded } = routing;
  for (const read of [there, back]) {
    if (read.kind === "unreadable") return unknown(`the router could not be read: ${read.why}`);
  }
  const evidence = [`to ${target}: ${shown(there)}`, `back to ${source}: ${shown(back)}`];
  const none = [
    { read: there, to: target, via: "NEXT-HOP" },
    { read: back, to: source, via: "NEXT-HOP" },
  ].find(({ read }) => read.kind === "refused");
  if (none?.read.kind === "refused") {
    return {
      state: "broken",
      evidence,
      why: `the router has no usable route to ${none.to} (${none.read.why})`,
      remedy: `on the router, add one (ip route add ${none.to} via ${none.via}) and remove a blackhole, unreachable or prohibit route that covers it`,
      counts: "silence",
    };
  }
  if (there.kind !== "read" || back.kind !== "read") return unknown(...evidence);
  if (back.value.way.type === "local") return skipped("the router named is the client itself");
  const { way, matched } = there.value;
  if (way.type === "local") {
    return { state: "ok", evidence: [`${target} is an address of the router`, ...evidence] };
  }
  if (way.gateway === source) {
    return {
      state: "broken",
      evidence,
      why: `the router sends ${target} back to the client by "${formatRoute(matched)}"`,
      remedy: `on the router, route it towards the nodes: ip route replace ${target} via NODE`,
      counts: "silence",
    };
  }
  return forwarded === undefined || forwarded.kind === "read"
    ? { state: "ok", evidence }
    : judgeForwarding(routing, forwarded, evidence);
}

/**
 * Both routes exist, but the kernel refuses the packet when it arrives from the client. The errno
 * names the cause: policy routing, the reverse path filter, or disabled forwarding.
 */
function judgeForwarding(
  { target, source }: RouterRouting,
  forwarded: Exclude<Read<Lookup>, { kind: "read" }>,
  evidence: readonly string[],
): Finding {
  const seen = [...evidence, `forwarded from ${source} to ${target}: ${forwarded.why}`];
  if (forwarded.kind === "unreadable") return { state: "ok", evidence: seen };
  if (forwarded.why === "No route to host") {
    return { state: "unknown", evidence: seen, narrowsTo: [5, 7] };
  }
  if (forwarded.why === "Invalid cross-device link") {
    return { state: "ok", evidence: seen, narrowsTo: [5] };
  }
  return {
    state: "broken",
    evidence: seen,
    why: `a rule of the router refuses ${target} to packets from ${source} (${forwarded.why})`,
    remedy: "on the router, look at `ip rule` and at the tables it names",
    counts: "silence",
  };
}

function shown(read: Read<Lookup>): string {
  return read.kind === "read" ? formatRoute(read.value.matched) : read.why;
}
