import { mkdir, statfs } from "node:fs/promises";

import { UserError } from "../../messages/errors.ts";
import type { Part } from "./part.ts";

/** Parts of one lane are built one after the other, because Go and the packer use all cores. */
export type Lane = "go" | "debian" | "pack";

/** The lane that builds a part. */
export function laneOf({ kind }: Part): Lane {
  if (kind === "go program" || kind === "files") return "go";
  return kind.startsWith("debian") ? "debian" : "pack";
}

/** Space that Go's caches take. With the parts, a build of everything reached 12.6 GB. */
const goCachesMegabytes = 10_500;

/** What a build costs. */
export interface Estimate {
  readonly seconds: number;
  /** Free space that the build needs while it runs, in MB. */
  readonly peakMegabytes: number;
  /** Space that the result takes, in MB. */
  readonly megabytes: number;
}

/** Costs of building these parts on two cores with empty caches. The first two lanes overlap. */
export function estimate(missing: readonly Part[]): Estimate {
  const lanes: Record<Lane, number> = { go: 0, debian: 0, pack: 0 };
  for (const part of missing) lanes[laneOf(part)] += part.seconds;
  const megabytes = missing.reduce((sum, part) => sum + part.megabytes, 0);
  const compiles = missing.some(({ kind }) => kind === "go program");
  return {
    seconds: Math.max(lanes.go, lanes.debian) + lanes.pack,
    megabytes,
    peakMegabytes: megabytes + (compiles ? goCachesMegabytes : 0),
  };
}

/**
 * Checks that the disk has room for a build in the cache.
 *
 * @throws {UserError} with the free and the needed space
 */
export async function assertRoom(cache: string, missing: readonly Part[]): Promise<void> {
  await mkdir(cache, { recursive: true });
  const { bavail, bsize } = await statfs(cache);
  const free = (bavail * bsize) / 1e6;
  const needed = estimate(missing).peakMegabytes;
  if (free >= needed) return;
  const gigabytes = (megabytes: number) => (megabytes / 1000).toFixed(1);
  throw new UserError(
    `${cache} has ${gigabytes(free)} GB free and the build needs ${gigabytes(needed)} GB, most of it only while it runs`,
    "free some space, or set XDG_CACHE_HOME to a larger disk",
  );
}
