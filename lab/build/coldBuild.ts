import { mkdir, mkdtemp, readFile, rm, statfs } from "node:fs/promises";
import { join } from "node:path";

import type { ListrTask } from "listr2";

import { buildTasks } from "./build.ts";
import { assertRoom, estimate, type Estimate } from "./estimate.ts";
import type { Part } from "./part.ts";
import { PartStore } from "./store.ts";

/** What a build in an empty cache cost. */
export interface ColdBuild {
  readonly seconds: number;
  /** Processor time of this process and of every program that it started. */
  readonly processorSeconds: number;
  /** How far the free space of the disk fell, in MB. Other programs' files count too. */
  readonly peakMegabytes: number;
  readonly estimate: Estimate;
  readonly parts: readonly PartTime[];
}

/** Measured and estimated seconds of a part. */
export interface PartTime {
  readonly name: string;
  readonly seconds: number;
  readonly estimated: number;
}

/** Arguments of {@link coldBuild}. */
export interface ColdBuildOptions {
  /** Folder that gets the temporary cache. */
  readonly folder: string;
  readonly table: readonly Part[];
  /** Parts to build, with everything that they need. */
  readonly names: readonly string[];
  readonly run: (tasks: readonly ListrTask[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Builds parts in a temporary cache, measures that, and removes the cache. */
export async function coldBuild(options: ColdBuildOptions): Promise<ColdBuild> {
  const { folder, table, names, run, signal } = options;
  const times = new Map<string, number>();
  const timed = table.map((part): Part => ({
    ...part,
    build: async (context) => {
      const started = Date.now();
      await part.build(context);
      times.set(part.name, secondsSince(started));
    },
  }));
  await mkdir(folder, { recursive: true });
  const cache = await mkdtemp(join(folder, "cold-"));
  const space = await watchSpace(cache);
  try {
    const store = new PartStore(cache, timed);
    const missing = store.missing(names);
    await assertRoom(cache, missing);
    const started = Date.now();
    const before = await processorSeconds();
    await run(buildTasks(store, missing, { signal }));
    return {
      seconds: secondsSince(started),
      processorSeconds: (await processorSeconds()) - before,
      peakMegabytes: await space.peak(),
      estimate: estimate(missing),
      parts: missing.map(({ name, seconds: estimated }) => ({
        name,
        seconds: times.get(name) ?? 0,
        estimated,
      })),
    };
  } finally {
    space.stop();
    await rm(cache, { recursive: true, force: true, maxRetries: 3 });
  }
}

const secondsSince = (started: number) => (Date.now() - started) / 1000;

/** Processor time of this process and of its finished children, which include theirs. */
async function processorSeconds(): Promise<number> {
  const text = await readFile("/proc/self/stat", "utf8");
  // Fields 14 to 17 of proc(5), in hundredths of a second. Field 2 is a name in parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}

/** Reads the free space twice a second. */
async function watchSpace(directory: string) {
  const read = async () => {
    const { bfree, bsize } = await statfs(directory);
    return (bfree * bsize) / 1e6;
  };
  const before = await read();
  let least = before;
  const note = async () => {
    least = Math.min(least, await read());
  };
  const timer = setInterval(() => void note(), 500);
  return {
    peak: async () => {
      await note();
      return before - least;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
