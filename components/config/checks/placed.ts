import type { Fault } from "../../../messages/faults.ts";
import { type AddressBlock, overlaps } from "../../../net/addresses.ts";
import type { Readable } from "../readable.ts";
import type { FullValues } from "../schema/schemas.ts";

/** The readable values of all keys. `client.router` includes what the machine knows. */
export type ReadableValues = { [Key in keyof FullValues]?: Readable<FullValues[Key]> | undefined };

/** A block with the path of the key that holds it. */
export interface Placed {
  readonly path: string;
  readonly block: AddressBlock;
}

/** A list with the placed block, or an empty one for an unreadable block. */
export function place(path: string, block: AddressBlock | undefined): Placed[] {
  return block === undefined ? [] : [{ path, block }];
}

/** One fault for each block that overlaps an earlier one. */
export function overlapFaults(placed: readonly Placed[]): Fault[] {
  return placed.flatMap((later, index) => overlapsWith(later, placed.slice(0, index)));
}

/** One fault for each of the others that the block overlaps. */
export function overlapsWith({ path, block }: Placed, others: readonly Placed[]): Fault[] {
  return others
    .filter((other) => overlaps(other.block, block))
    .map((other) => ({
      propertyPath: path,
      reason: `"${block.text}" overlaps "${other.block.text}" of ${other.path}; write one apart from it`,
    }));
}

/** Each entry that equals an earlier one, with its position. Undefined equals nothing. */
export function repeated(
  entries: readonly (string | undefined)[],
): { readonly entry: string; readonly index: number }[] {
  return entries.flatMap((entry, index) =>
    entry !== undefined && entries.indexOf(entry) < index ? [{ entry, index }] : [],
  );
}
