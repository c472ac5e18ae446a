/** Just enough of the DNS wire format (RFC 1035) to ask for addresses, over UDP and TCP alike. */
import { Buffer } from "node:buffer";

/** Type of the record that is asked for. */
export type AddressRecord = "A" | "AAAA";

const typeNumbers: Readonly<Record<AddressRecord, number>> = { A: 1, AAAA: 28 };

const responseCodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

/** What a DNS server answered. */
export interface DnsAnswer {
  readonly id: number;
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly code: string;
  /** Cut for UDP; the whole is had over TCP. */
  readonly truncated: boolean;
  readonly addresses: readonly string[];
}

/** A message that breaks the wire format. */
export class DnsMessageError extends Error {
  override readonly name = "DnsMessageError";
}

/** Why a name cannot be asked for, or undefined when it can. */
export function faultInName(name: string): string | undefined {
  const labels = name.replace(/\.$/, "").split(".");
  if (labels.some((label) => label.length === 0 || Buffer.byteLength(label) > 63)) {
    return "each part between the dots has 1 to 63 bytes";
  }
  return Buffer.byteLength(name) > 253 ? "a name has at most 253 bytes" : undefined;
}

/** Encodes a question with recursion desired. */
export function encodeQuery(id: number, name: string, record: AddressRecord): Buffer {
  const fault = faultInName(name);
  if (fault !== undefined) throw new DnsMessageError(`"${name}" is no host name: ${fault}`);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x0100, 2);
  head.writeUInt16BE(1, 4);
  const labels = name.replace(/\.$/, "").split(".");
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, "utf8");
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  const tail = Buffer.from([0, 0, typeNumbers[record], 0, 1]);
  return Buffer.concat([head, ...parts, tail]);
}

/** Decodes an answer and gathers its addresses. @throws DnsMessageError */
export function decodeAnswer(message: Buffer): DnsAnswer {
  try {
    return decode(message);
  } catch (error) {
    // Reading past the end of a short message.
    if (error instanceof RangeError) throw new DnsMessageError("the message is cut short");
    throw error;
  }
}

function decode(message: Buffer): DnsAnswer {
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0) throw new DnsMessageError("the message is no answer");
  const questions = message.readUInt16BE(4);
  const answers = message.readUInt16BE(6);
  let at = 12;
  for (let question = 0; question < questions; question++) at = afterName(message, at) + 4;
  const addresses: string[] = [];
  for (let answer = 0; answer < answers; answer++) {
    at = afterName(message, at);
    const type = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 8);
    const data = message.subarray(at + 10, at + 10 + length);
    if (data.length < length) throw new DnsMessageError("the message is cut short");
    if (type === typeNumbers.A && length === 4) addresses.push([...data].join("."));
    if (type === typeNumbers.AAAA && length === 16) addresses.push(formatIpv6(data));
    at += 10 + length;
  }
  const code = flags & 0x000f;
  return {
    id: message.readUInt16BE(0),
    code: responseCodes[code] ?? `code ${code}`,
    truncated: (flags & 0x0200) !== 0,
    addresses,
  };
}

/** Where the name that starts at `at` ends. A pointer ends a name; it is not followed. */
function afterName(message: Buffer, at: number): number {
  let here = at;
  for (;;) {
    const length = message.readUInt8(here);
    if (length === 0) return here + 1;
    if (length >= 0xc0) return here + 2;
    here += 1 + length;
  }
}

function formatIpv6(data: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, group) => data.readUInt16BE(group * 2).toString(16));
  // The URL parser writes the canonical, shortened form.
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
