/**
 * Arithmetic on IP addresses, networks and ranges. Pure: no Pulumi, no system.
 *
 * A parser returns the parsed value or throws an {@link AddressError} with what to write instead.
 * {@link faultOf} returns that message for callers that collect faults.
 */
import { isIP } from "node:net";

import { parseCidr } from "cidr-tools";
import { parseIp, stringifyIp } from "ip-bigint";

/** 4 or 6. Addresses of different families never overlap. */
export type Family = 4 | 6;

/** Consecutive addresses of one family, both ends included. */
export interface AddressBlock {
  /** The text that was parsed. */
  readonly text: string;
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** Text that is not an address, network or block. Its message says what to write instead. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** Parses one address, such as `192.0.2.1`, into a block of one. */
export function parseAddress(text: string): AddressBlock {
  const family = isIP(text);
  if ((family !== 4 && family !== 6) || text.includes("%")) {
    throw new AddressError(`"${text}" is not an address; write one such as 192.0.2.1`);
  }
  const { number } = parseIp(text);
  return { text, family, first: number, last: number };
}

/** Parses a network in CIDR notation, such as `192.0.2.0/24`. Bits after the prefix must be 0. */
export function parseNetwork(text: string): AddressBlock {
  const [, address = "", prefix = ""] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  const bits = family === 6 ? 128 : 32;
  if ((family !== 4 && family !== 6) || address.includes("%") || Number(prefix) > bits) {
    throw new AddressError(`"${text}" is not a network; write one such as 192.0.2.0/24`);
  }
  const { start, end } = parseCidr(text);
  if (parseIp(address).number !== start) {
    const network = `${format(start, family)}/${prefix}`;
    throw new AddressError(`"${text}" has bits set after its prefix; write ${network}`);
  }
  return { text, family, first: start, last: end };
}

/**
 * Parses a block as MetalLB takes it: a network (`192.0.2.0/28`) or a range with both ends included
 * (`192.0.2.10-192.0.2.20`).
 */
export function parseBlock(text: string): AddressBlock {
  if (text.includes("/")) return parseNetwork(text);
  const ends = text.split("-").map((end) => end.trim());
  const [from = "", to = ""] = ends;
  if (ends.length === 1 && isIP(from) !== 0 && !from.includes("%")) {
    const bits = isIP(from) === 6 ? 128 : 32;
    throw new AddressError(`"${text}" is a single address; write ${from}/${bits}`);
  }
  if (ends.length !== 2 || isIP(from) === 0 || isIP(to) === 0) {
    throw new AddressError(
      `"${text}" is not a block; write a network such as 192.0.2.0/28 or a range such as 192.0.2.10-192.0.2.20`,
    );
  }
  const first = parseAddress(from);
  const last = parseAddress(to);
  if (first.family !== last.family) {
    throw new AddressError(`"${text}" mixes IPv4 and IPv6; write both ends in one family`);
  }
  if (first.first > last.first) {
    throw new AddressError(`"${text}" runs backwards; write ${to}-${from}`);
  }
  return { text, family: first.family, first: first.first, last: last.first };
}

/** The parser's message for this text, or undefined when the text is valid. */
export function faultOf(
  parse: (text: string) => AddressBlock,
  text: string,
): AddressError["message"] | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof AddressError) return error.message;
    throw error;
  }
}

/** Whether the two share an address. */
export function overlaps(a: AddressBlock, b: AddressBlock): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: AddressBlock, inner: AddressBlock): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Number of addresses in the block. */
export function sizeOf(block: AddressBlock): bigint {
  return block.last - block.first + 1n;
}

/**
 * The address at a position counted from the block's first, which is 0: in 192.0.2.0/24 position 1
 * is 192.0.2.1.
 *
 * @throws AddressError when the block ends before it.
 */
export function addressAt(block: AddressBlock, position: bigint | number): string {
  const number = block.first + BigInt(position);
  if (number < block.first || number > block.last) {
    throw new AddressError(`"${block.text}" has no address at position ${position.toString()}`);
  }
  return format(number, block.family);
}

/** The block in its canonical form: an address, a network where it is one, else a range. */
export function formatBlock(block: AddressBlock): string {
  const { family, first, last } = block;
  if (first === last) return format(first, family);
  const size = sizeOf(block);
  const hostBits = size.toString(2).length - 1;
  if (size === 1n << BigInt(hostBits) && first % size === 0n) {
    return `${format(first, family)}/${(family === 4 ? 32 : 128) - hostBits}`;
  }
  return `${format(first, family)}-${format(last, family)}`;
}

/** An address as text. */
export function format(number: bigint, family: Family): string {
  return stringifyIp({ number, version: family });
}
