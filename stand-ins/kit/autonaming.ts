import { createHash, randomBytes } from "node:crypto";

import type { Operation } from "./provider.ts";

/** Random hexadecimal characters for a generated name. The same seed gives the same characters. */
export function randomSuffix({ randomSeed }: Operation, length: number): string {
  const random = randomSeed
    ? createHash("sha256").update(randomSeed).digest("hex")
    : randomBytes(Math.ceil(length / 2)).toString("hex");
  return random.slice(0, length);
}
