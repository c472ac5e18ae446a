import { type AddressBlock, faultOf, overlaps, parseBlock } from "../../../net/addresses.ts";
import type { Fault } from "../../../messages/faults.ts";

/** A network that others live in, and what to call it in a message. */
export interface ReservedNetwork {
  /** Such as `the pod network`. */
  readonly name: string;
  /** In CIDR notation, or a range. */
  readonly network: string;
}

/**
 * Faults of a pool's blocks: none at all, text that is no block, two blocks that share an address,
 * and a block that shares one with a reserved network.
 */
export function faultsInBlocks(
  blocks: readonly string[],
  reserved: readonly ReservedNetwork[] = [],
): Fault[] {
  if (blocks.length === 0) {
    return [{ propertyPath: "blocks", reason: "is empty; write a block such as 192.0.2.0/28" }];
  }
  const taken = reserved.map(({ name, network }) => ({ name, block: parseBlock(network) }));
  const before: AddressBlock[] = [];
  return blocks.flatMap((text, position) => {
    const propertyPath = `blocks[${position}]`;
    const syntax = faultOf(parseBlock, text);
    if (syntax !== undefined) return [{ propertyPath, reason: syntax }];

    const block = parseBlock(text);
    const twin = before.find((earlier) => overlaps(earlier, block));
    const holders = taken.filter(({ block: held }) => overlaps(held, block));
    before.push(block);
    return [
      ...(twin === undefined
        ? []
        : [{ propertyPath, reason: `"${text}" overlaps "${twin.text}"; give each address once` }]),
      ...holders.map(({ name, block: held }) => ({
        propertyPath,
        reason: `"${text}" overlaps ${name} ${held.text}; write a block outside it`,
      })),
    ];
  });
}
