import { rm, statfs, mkdir } from "node:fs/promises";

import type { ListrTask } from "listr2";

import { LabFault } from "../fault.ts";
import type { Artefact } from "./artefact.ts";
import { goCaches } from "./goProgram.ts";
import type { ArtefactStore } from "./store.ts";

/** One artefact at a time in a lane: Go and the packer use all cores by themselves. */
type Lane = "go" | "debian" | "pack";

const laneOf = ({ kind }: Artefact): Lane =>
  kind === "go program" || kind === "files" ? "go" : kind.startsWith("debian") ? "debian" : "pack";

/** Go's caches of everything together, once; measured 16.1 GB, most of it objects to link from. */
const goCachesMegabytes = 16_500;

/** How long and how large it is to build these. */
export interface Estimate {
  readonly seconds: number;
  /** Free space needed while it runs, in MB. */
  readonly peakMegabytes: number;
  /** What stays, in MB. */
  readonly megabytes: number;
}

/** Adds up what building takes on two cores with empty caches; the lanes run side by side. */
export function estimate(missing: readonly Artefact[]): Estimate {
  const lanes: Record<Lane, number> = { go: 0, debian: 0, pack: 0 };
  for (const artefact of missing) lanes[laneOf(artefact)] += artefact.seconds;
  const megabytes = missing.reduce((sum, artefact) => sum + artefact.megabytes, 0);
  const compiles = missing.some(({ kind }) => kind === "go program");
  return {
    seconds: Math.max(lanes.go, lanes.debian) + lanes.pack,
    megabytes,
    peakMegabytes: megabytes + (compiles ? goCachesMegabytes : 0),
  };
}

/**
 * Fails when the disk below the cache has less room than the build needs.
 *
 * @throws LabFault naming both figures.
 */
export async function assertRoom(cache: string, missing: readonly Artefact[]): Promise<void> {
  await mkdir(cache, { recursive: true });
  const { bavail, bsize } = await statfs(cache);
  const free = (bavail * bsize) / 1e6;
  const needed = estimate(missing).peakMegabytes;
  if (free < needed) {
    const gigabytes = (megabytes: number) => (megabytes / 1000).toFixed(1);
    throw new LabFault(
      `${cache} has ${gigabytes(free)} GB free and the build needs ${gigabytes(needed)} GB (most of it only while it runs). Free some, or set XDG_CACHE_HOME to a larger disk.`,
    );
  }
}

const clock = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

/** One task for each artefact that is missing; each waits for what it needs and for its lane. */
export function buildTasks(
  store: ArtefactStore,
  missing: readonly Artefact[],
  signal: AbortSignal,
): ListrTask[] {
  const lanes: Record<Lane, Promise<unknown>> = {
    go: Promise.resolve(),
    debian: Promise.resolve(),
    pack: Promise.resolve(),
  };
  const done = new Map<string, Promise<void>>();
  const outcome = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
  for (const { name } of missing) {
    const promise = new Promise<void>((resolve, reject) => {
      outcome.set(name, { resolve, reject });
    });
    promise.catch(() => undefined); // reported by the task that failed
    done.set(name, promise);
  }
  return missing.map((artefact) => ({
    title: `${artefact.name} ${artefact.version}: ${artefact.kind}`,
    task: async (_context, task) => {
      const { name, needs } = artefact;
      const settle = outcome.get(name);
      try {
        for (const need of needs) await done.get(need);
        const lane = laneOf(artefact);
        const before = lanes[lane];
        const build = before.then(async () => {
          signal.throwIfAborted();
          const started = Date.now();
          let latest = "";
          const show = () => {
            const elapsed = clock(Math.round((Date.now() - started) / 1000));
            task.output = `${elapsed} of about ${clock(artefact.seconds)}${latest && `, ${latest}`}`;
          };
          const ticking = setInterval(show, 1000);
          try {
            await store.build(name, (line) => (latest = line), signal);
          } finally {
            clearInterval(ticking);
          }
          task.title = `${task.title} (${clock(Math.round((Date.now() - started) / 1000))})`;
        });
        lanes[lane] = build.catch(() => undefined);
        await build;
        settle?.resolve();
      } catch (error) {
        settle?.reject(error);
        throw error;
      }
    },
  }));
}

/** Removes Go's caches, the largest thing that a build leaves, unless the user keeps them. */
export async function removeGoCaches(cache: string): Promise<void> {
  await rm(goCaches(cache).all, { recursive: true, force: true, maxRetries: 3 });
}
