import { readFile } from "node:fs/promises";

import { nameToLookUp } from "../asks/ask.ts";
import { askDns } from "../asks/dns.ts";
import type { Finding } from "../model.ts";
import type { PacketRequest, RequestOf } from "../request.ts";
import type { Outcome } from "../symptoms.ts";
import { skipped } from "./context.ts";

/** Milliseconds for a query that only adds evidence. */
const otherTransportTimeout = 2000;

/** The hops that treat UDP and TCP differently: filters, service rules, the process. */
const transportHops = [3, 6, 10, 11, 12, 14, 16, 17];

/** Files that decide how this host resolves a name. */
export interface ResolverFiles {
  readonly nsswitch: string;
  readonly hosts: string;
  readonly resolvConf: string;
}

/** Hop 1: the name's address on this host, or a DNS server's answer. */
export async function observeName(
  request: PacketRequest,
  target: string | undefined,
  outcome: Outcome,
): Promise<Finding> {
  if (request.ask === "dns") {
    const judged = judgeDnsAnswer(request.server, outcome);
    return judged.state === "unknown" ? compareTransports(request, judged.evidence) : judged;
  }
  const name = nameToLookUp(request);
  if (name === undefined) return skipped("the request has a fixed address");
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  const [nsswitch, hosts, resolvConf] = await Promise.all(
    ["/etc/nsswitch.conf", "/etc/hosts", "/etc/resolv.conf"].map(read),
  );
  const files = { nsswitch: nsswitch ?? "", hosts: hosts ?? "", resolvConf: resolvConf ?? "" };
  return judgeName(name, target, files);
}

/** Judges the lookup of a name on this host. */
export function judgeName(name: string, target: string | undefined, files: ResolverFiles): Finding {
  const order = /^hosts:\s*(.+)$/m.exec(files.nsswitch)?.[1];
  const inHosts = linesOf(files.hosts).filter((line) => line.split(/\s+/).slice(1).includes(name));
  const servers = linesOf(files.resolvConf).filter((line) =>
    /^(nameserver|search|domain)\s/.test(line),
  );
  const evidence = [
    ...(order === undefined ? [] : [`resolver order: ${order.trim()}`]),
    `hosts file: ${inHosts.length === 0 ? "does not name it" : inHosts.join("; ")}`,
    `resolv.conf: ${servers.length === 0 ? "no server" : servers.join("; ")}`,
  ];
  if (target !== undefined) return { state: "ok", evidence: [`${name} is ${target}`, ...evidence] };
  return {
    state: "broken",
    evidence,
    why: `the name ${name} has no address on this host`,
    remedy: `add ${name} to the resolver, or "ADDRESS ${name}" to /etc/hosts, or use the address itself`,
    counts: "always",
  };
}

function judgeDnsAnswer(server: string, outcome: Outcome): Finding {
  if (outcome.symptom === "answer") return { state: "ok", evidence: outcome.evidence };
  if (outcome.symptom !== "wrong answer") {
    return { state: "unknown", evidence: [`${server} gave no answer to judge: ${outcome.text}`] };
  }
  return {
    state: "broken",
    evidence: outcome.evidence,
    why: `${server} does not give the name the expected address`,
    remedy: `correct the record on ${server}, or the name or address in the request`,
    counts: "always",
  };
}

/** Asks once over the other transport. A server that answers there is reachable. */
async function compareTransports(
  request: RequestOf<"dns">,
  evidence: readonly string[],
): Promise<Finding> {
  const transport = request.transport === "udp" ? "tcp" : "udp";
  const other = await askDns({ ...request, transport }, otherTransportTimeout);
  const seen = [...evidence, `over ${transport.toUpperCase()}: ${other.text}`];
  const isReached = other.symptom === "answer" || other.symptom === "wrong answer";
  return isReached
    ? { state: "unknown", evidence: seen, narrowsTo: transportHops }
    : { state: "unknown", evidence: seen };
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
}
