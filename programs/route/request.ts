/** The contract of the route program: what the route component sends and what it gets back. */
import { z } from "zod";

import { contains, faultOf, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { UserError } from "../../messages/errors.ts";
import { describeFaults, type Fault } from "../../messages/faults.ts";
import { parseVantage, VantageError } from "../../net/vantage.ts";

/** Environment variable that carries a {@link RouteRequest} as JSON. */
export const routeRequestVariable = "PROVENET_ROUTE";

/**
 * Environment variable that changes whenever the network namespace is recreated, which forces the
 * route to be added again. The program does not read it.
 */
export const vantageIdVariable = "PROVENET_VANTAGE_ID";

const requestSchema = z.object({
  /** Vantage that gets the route: `host`, `netns:/run/netns/NAME` or `ssh:TARGET`. */
  on: z.string(),
  /** Destination network in CIDR notation. */
  to: z.string(),
  /** Address of the next hop. */
  via: z.string(),
});

/** The requested route, as plain text. */
export type RouteRequest = Readonly<z.output<typeof requestSchema>>;

/** Schema of a {@link RouteRecord}, which `add` and `update` print. */
export const routeRecordSchema = requestSchema.extend({
  schemaVersion: z.literal(1),
  /** Whether this program added the route and may remove it. */
  added: z.boolean(),
  /** Interface of the route, as the kernel reports it. */
  device: z.string(),
});

/** What a run prints for the run that changes or removes the route. */
export type RouteRecord = Readonly<z.output<typeof routeRecordSchema>>;

/** Faults of a request. Leave out what is not known yet. */
export function faultsInRoute(route: Partial<RouteRequest>): Fault[] {
  const { on, to, via } = route;
  const faults = [
    { propertyPath: "on", reason: on === undefined ? undefined : faultInVantage(on) },
    { propertyPath: "to", reason: to === undefined ? undefined : faultOf(parseNetwork, to) },
    { propertyPath: "via", reason: via === undefined ? undefined : faultOf(parseAddress, via) },
  ].flatMap(({ propertyPath, reason }) => (reason === undefined ? [] : [{ propertyPath, reason }]));
  if (faults.length > 0 || to === undefined || via === undefined) return faults;

  const network = parseNetwork(to);
  const gateway = parseAddress(via);
  if (network.family !== gateway.family) {
    const reason = `"${via}" is IPv${gateway.family} and "${to}" is IPv${network.family}; write both in one family`;
    return [{ propertyPath: "via", reason }];
  }
  if (contains(network, gateway)) {
    const reason =
      `"${via}" is inside "${to}", so it would be reached through itself; ` +
      `write the router's address in the network that it shares with ${on ?? "the vantage"}`;
    return [{ propertyPath: "via", reason }];
  }
  return [];
}

/** Parses the request in the environment. @throws UserError with every fault */
export function parseRequest(text: string | undefined): RouteRequest {
  const request = requestSchema.parse(JSON.parse(text ?? "null"));
  const faults = faultsInRoute(request);
  if (faults.length === 0) return request;
  throw new UserError(
    `the route's request has faults:\n${describeFaults(faults)}`,
    "correct provenet:network.routes",
  );
}

/** Parses the record of the last run. Undefined when there is none. */
export function parseRecord(text: string | undefined): RouteRecord | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  return routeRecordSchema.parse(JSON.parse(text));
}

function faultInVantage(text: string): string | undefined {
  try {
    parseVantage(text);
    return undefined;
  } catch (error) {
    if (error instanceof VantageError) return error.message;
    throw error;
  }
}
