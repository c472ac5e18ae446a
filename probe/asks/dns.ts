import { Buffer } from "node:buffer";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIP, isIPv6 } from "node:net";

import * as dnsPacket from "dns-packet";

import { parseServer, type RequestOf } from "../request.ts";
import type { Outcome } from "../symptoms.ts";
import { outcomeOfError } from "./errors.ts";

/** A query for a name's addresses, with recursion desired. */
export function encodeQuery(id: number, name: string, type: "A" | "AAAA"): Buffer {
  const flags = dnsPacket.RECURSION_DESIRED;
  return dnsPacket.encode({ type: "query", id, flags, questions: [{ type, name }] });
}

/** Asks a DNS server for a name's addresses, over UDP or TCP, and judges the answer. */
export async function askDns(
  request: RequestOf<"dns">,
  timeoutMilliseconds: number,
): Promise<Outcome> {
  const server = parseServer(request.server);
  if (server === undefined) throw new Error(`${request.server} was not checked`);
  const query = encodeQuery(
    randomInt(0x10000),
    (request.lookup ?? request.name).replace(/\.$/, ""),
    request.answer !== undefined && isIPv6(request.answer) ? "AAAA" : "A",
  );
  const exchange = request.transport === "udp" ? exchangeUdp : exchangeTcp;
  const started = performance.now();
  const result = await exchange(server, query, timeoutMilliseconds);
  if ("symptom" in result) return result;
  const milliseconds = Math.round(performance.now() - started);
  const outcome = judgeMessage(request, result.message, milliseconds);
  return { ...outcome, source: result.source };
}

interface Exchanged {
  readonly message: Buffer;
  readonly source: string;
}

interface Server {
  readonly address: string;
  readonly port: number;
}

const silence: Outcome = { symptom: "silence", text: "silence", evidence: [] };

function exchangeUdp(server: Server, query: Buffer, timeout: number): Promise<Exchanged | Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
    const end = (result: Exchanged | Outcome) => {
      clearTimeout(timer);
      socket.removeAllListeners("message");
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => {
      end(silence);
    }, timeout);
    socket.once("error", (error) => {
      socket.on("error", () => undefined);
      end(outcomeOfError(error));
    });
    socket.on("message", (message) => {
      // Ignore answers to other queries.
      if (message.length < 2 || message.readUInt16BE(0) !== query.readUInt16BE(0)) return;
      end({ message, source: socket.address().address });
    });
    // Connected, so that an ICMP "port unreachable" arrives as an error.
    socket.connect(server.port, server.address, () => {
      socket.send(query);
    });
  });
}

function exchangeTcp(server: Server, query: Buffer, timeout: number): Promise<Exchanged | Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.address, port: server.port });
    let source: string | undefined;
    let received = Buffer.alloc(0);
    const end = (result: Exchanged | Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => {
      end(
        source === undefined
          ? silence
          : { symptom: "mute", text: "connected, then no answer", evidence: [] },
      );
    }, timeout);
    socket.on("connect", () => {
      source = socket.localAddress;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
    socket.on("data", (part) => {
      received = Buffer.concat([received, part]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (received.length < 2 + length) return;
      end({ message: received.subarray(2, 2 + length), source: source ?? "" });
    });
    socket.on("end", () => {
      end({ symptom: "reset", text: "connection closed before an answer", evidence: [] });
    });
    socket.on("error", (error) => {
      end(outcomeOfError(error));
    });
  });
}

/** Compares a server's message with what the request expects. */
export function judgeMessage(
  request: Pick<RequestOf<"dns">, "answer">,
  message: Buffer,
  milliseconds: number,
): Outcome {
  const answer = decodeAnswer(message);
  if (answer === undefined) {
    return { symptom: "wrong answer", text: "an answer that is no DNS message", evidence: [] };
  }
  const addresses = (answer.answers ?? []).flatMap((record) =>
    (record.type === "A" || record.type === "AAAA") && isIP(record.data) !== 0
      ? [canonical(record.data)]
      : [],
  );
  const cut = answer.flag_tc ? ", truncated" : "";
  const text = `${answer.rcode}${cut}: ${addresses.join(", ") || "no address"}`;
  const evidence = [`${text} in ${milliseconds} ms`];
  const proved =
    request.answer === undefined
      ? addresses.length > 0
      : addresses.includes(canonical(request.answer));
  if (proved) return { symptom: "answer", text, evidence };
  const wanted = request.answer === undefined ? "an address" : request.answer;
  return { symptom: "wrong answer", text, evidence: [...evidence, `expected: ${wanted}`] };
}

/** A decoded answer. Undefined for a query and for bytes that are not a DNS message. */
function decodeAnswer(message: Buffer): (dnsPacket.DecodedPacket & { rcode: string }) | undefined {
  try {
    const packet = dnsPacket.decode(message);
    // The package's types lack the response code.
    return packet.flag_qr ? (packet as typeof packet & { rcode: string }) : undefined;
  } catch {
    return undefined;
  }
}

/** The canonical, shortened form of an IPv6 address. */
function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}
