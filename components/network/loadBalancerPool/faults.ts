import { type AddressBlock, overlaps } from "../../../net/addresses.ts";
import type { Fault } from "../../../messages/faults.ts";

/** Faults of a pool without blocks, or with blocks that overlap. */
export function faultsInBlocks(blocks: readonly AddressBlock[]): Fault[] {
  if (blocks.length === 0) {
    return [{ propertyPath: "blocks", reason: "is empty; write a block such as 192.0.2.0/28" }];
  }
  return blocks.flatMap((block, position) => {
    const earlier = blocks.slice(0, position).find((other) => overlaps(other, block));
    if (earlier === undefined) return [];
    const reason = `"${block.text}" overlaps "${earlier.text}"; write each address once`;
    return [{ propertyPath: `blocks[${position}]`, reason }];
  });
}
