/** One attempt of a request: its target, its description and its outcome. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

import { readForeignUnreachables } from "../icmp.ts";
import { type CheckedRequest, type PacketRequest, parseServer } from "../request.ts";
import type { Outcome } from "../symptoms.ts";
import { askDns } from "./dns.ts";
import { outcomeOfError, refine } from "./errors.ts";
import { askHttp } from "./http.ts";
import { askTcp } from "./tcp.ts";

/** The request in words, for the verdict's field `asked`. */
export function describe(request: CheckedRequest): string {
  switch (request.ask) {
    case "route":
      return `route and TCP connection to ${endpoint(request.address, request.port)}`;
    case "tcp":
      return `TCP connection to ${endpoint(request.address, request.port)}`;
    case "http": {
      const at = request.address === undefined ? "" : ` at ${request.address}`;
      const host = request.host === undefined ? "" : ` with Host ${request.host}`;
      const body = request.body === undefined ? "" : ` and ${JSON.stringify(request.body)}`;
      return `GET ${request.url}${at}${host} for status ${request.status}${body}`;
    }
    case "dns": {
      const answer = request.answer === undefined ? "" : ` for ${request.answer}`;
      const name = request.lookup ?? request.name;
      return `DNS ${name} of ${request.server} over ${request.transport.toUpperCase()}${answer}`;
    }
    case "cluster-dns": {
      const { namespace, name } = request.service;
      return `cluster DNS for the Service ${namespace}/${name} from a pod on every node`;
    }
  }
}

function endpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The host name to look up before the request is sent. Undefined for a fixed address. */
export function nameToLookUp(request: PacketRequest): string | undefined {
  if (request.ask !== "http" || request.address !== undefined) return undefined;
  const { hostname } = new URL(request.url);
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? hostname : undefined;
}

/** The address of the request's packets. Throws when the name has none. */
export async function targetOf(request: PacketRequest): Promise<string> {
  if (request.ask === "dns") {
    const server = parseServer(request.server);
    if (server === undefined) throw new Error(`${request.server} was not checked`);
    return server.address;
  }
  if (request.address !== undefined) return request.address;
  if (request.ask !== "http") throw new Error("only an HTTP request may have no address");
  const name = nameToLookUp(request);
  if (name === undefined) return new URL(request.url).hostname.replace(/^\[|\]$/g, "");
  const { address } = await lookup(name);
  return address;
}

/** Sends the request once. Never throws, because an error is an outcome too. */
export async function askOnce(
  request: PacketRequest,
  target: string,
  timeoutMilliseconds: number,
): Promise<Outcome> {
  const before = await readForeignUnreachables();
  const outcome = await send(request, target, timeoutMilliseconds).catch(outcomeOfError);
  if (outcome.symptom === "answer" || before === undefined) return outcome;
  const after = await readForeignUnreachables();
  return refine(outcome, after === undefined ? undefined : after - before);
}

function send(request: PacketRequest, target: string, timeout: number): Promise<Outcome> {
  switch (request.ask) {
    case "route":
    case "tcp":
      return askTcp(target, request.port, timeout);
    case "http":
      return askHttp(request, target, timeout);
    case "dns":
      return askDns(request, timeout);
  }
}
