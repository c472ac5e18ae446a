import { z } from "zod";

import { contains, faultOf, parseAddress, parseNetwork } from "../../net/addresses.ts";
import type { Fault } from "../../messages/faults.ts";
import { parseVantage, VantageError } from "../../net/vantage.ts";

/** The route asked for, as plain text. */
export interface RouteRequest {
  /** Vantage it is put on: `host`, `netns:/run/netns/NAME` or `ssh:TARGET`. */
  readonly on: string;
  /** Network it leads to, in CIDR notation. */
  readonly to: string;
  /** Address of the next hop. */
  readonly via: string;
}

/** What a run leaves on stdout for the run that changes or removes the route. */
export interface RouteRecord extends RouteRequest {
  readonly schemaVersion: 1;
  /** Whether the route is ours to remove; false where it was there already. */
  readonly added: boolean;
  /** Interface that packets leave by, read back from the kernel. */
  readonly device: string;
}

const requestSchema = z.object({ on: z.string(), to: z.string(), via: z.string() });
const recordSchema = requestSchema.extend({
  schemaVersion: z.literal(1),
  added: z.boolean(),
  device: z.string(),
});

/** Faults of a request; a part that is not known yet is left out and not judged. */
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

/** Reads a request back from the text that the component put into the environment. */
export function parseRequest(text: string | undefined): RouteRequest {
  const request = requestSchema.parse(JSON.parse(text ?? "null"));
  const faults = faultsInRoute(request);
  if (faults.length === 0) return request;
  throw new Error(
    faults.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`).join("\n"),
  );
}

/** Reads what the last run recorded; undefined where there was none. */
export function parseRecord(text: string | undefined): RouteRecord | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  return recordSchema.parse(JSON.parse(text));
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
