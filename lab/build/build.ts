import { rm, statfs, mkdir } from "node:fs/promises";

import { ExecaError } from "execa";
import type { ListrTask, ListrTaskWrapper } from "listr2";

import { LabFault } from "../fault.ts";
import type { Artefact } from "./artefact.ts";
import { goCaches } from "../recipes/goProgram.ts";
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

const noAnswer =
  /dial tcp|no such host|i\/o timeout|TLS handshake timeout|Temporary failure|Could not resolve|Connection (?:refused|timed out|failed)/i;

/** What a recipe's program said at its end, as one fault with what to do about it. */
export function buildFault(name: string, error: unknown): Error {
  if (!(error instanceof ExecaError)) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const stderr: unknown = error.stderr;
  const said = typeof stderr === "string" ? stderr.trim().split("\n").slice(-12) : [];
  const remedy = /no space left|ENOSPC/i.test(said.join("\n"))
    ? "The disk is full: free some space, then run this again."
    : noAnswer.test(said.join("\n"))
      ? "A package registry does not answer: look at the network and at the proxies of go and apt, then run this again; what is built already stays."
      : "Run this again; what is built already stays. If it fails in the same way, the lines above tell why.";
  const program = error.command.split(" ", 1)[0] ?? "";
  return new LabFault(
    `${name} could not be built: ${program} ended with ${error.exitCode ?? error.signal ?? "an error"}.\n${said.map((line) => `  ${line}`).join("\n")}\n${remedy}`,
  );
}

/** Builds one artefact and tells once a second how far it is, and at the end how long it took. */
async function buildInTask(
  store: ArtefactStore,
  { name, seconds }: Artefact,
  task: ListrTaskWrapper<unknown, never, never>,
  signal: AbortSignal,
): Promise<void> {
  const started = Date.now();
  const elapsed = () => clock(Math.round((Date.now() - started) / 1000));
  let latest = "";
  const ticking = setInterval(() => {
    task.output = `${elapsed()} of about ${clock(seconds)}${latest && `, ${latest}`}`;
  }, 1000);
  try {
    await store.build(name, (line) => (latest = line), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw buildFault(name, error);
  } finally {
    clearInterval(ticking);
  }
}

/**
 * Tasks that build what is missing: one artefact after the other in each lane, the lanes of Go and
 * of Debian side by side, and then what is made of both.
 */
export function buildTasks(
  store: ArtefactStore,
  missing: readonly Artefact[],
  signal: AbortSignal,
): ListrTask[] {
  const built = new Map(missing.map(({ name }) => [name, Promise.withResolvers<undefined>()]));
  for (const { promise } of built.values()) promise.catch(() => undefined); // its task reports it
  const build = async (artefact: Artefact, task: ListrTaskWrapper<unknown, never, never>) => {
    const outcome = built.get(artefact.name);
    try {
      for (const need of artefact.needs) {
        if (built.has(need)) task.output = `waits for ${need}`;
        await built.get(need)?.promise;
      }
      signal.throwIfAborted();
      await buildInTask(store, artefact, task, signal);
      outcome?.resolve(undefined);
    } catch (error) {
      outcome?.reject(error);
      throw error;
    }
  };
  const row = (artefact: Artefact): ListrTask => ({
    title: `${artefact.name} ${artefact.version}`,
    task: (_context, task) => build(artefact, task as ListrTaskWrapper<unknown, never, never>),
  });
  const inLane = (lane: Lane) => missing.filter((artefact) => laneOf(artefact) === lane);
  const images = missing.filter(({ kind }) => kind === "image");
  const lane = (title: string, artefacts: readonly Artefact[]): ListrTask => ({
    title,
    enabled: () => artefacts.length > 0,
    task: (_context, task) => task.newListr(artefacts.map(row), { concurrent: false }),
  });
  return [
    {
      title: "parts of their own",
      enabled: () => inLane("go").length + inLane("debian").length > 0,
      task: (_context, task) =>
        task.newListr(
          [lane("Go modules", inLane("go")), lane("Debian packages", inLane("debian"))],
          { concurrent: true },
        ),
    },
    {
      title: `${images.length} container images`,
      enabled: () => images.length > 0,
      task: async (_context, task) => {
        for (const image of images) {
          await build(image, task as ListrTaskWrapper<unknown, never, never>);
        }
      },
    },
    ...inLane("pack")
      .filter(({ kind }) => kind !== "image")
      .map(row),
  ];
}

/** Removes Go's caches, the largest thing that a build leaves, unless the user keeps them. */
export async function removeGoCaches(cache: string): Promise<void> {
  await rm(goCaches(cache).all, { recursive: true, force: true, maxRetries: 3 });
}
