import { rm } from "node:fs/promises";

import type { ListrTask, ListrTaskWrapper } from "listr2";

import { formatSeconds } from "../../messages/durations.ts";
import { laneOf, type Lane } from "./estimate.ts";
import { buildError } from "./failure.ts";
import { goCaches, removeModuleArchives } from "./goCaches.ts";
import type { Part } from "./part.ts";
import type { PartStore } from "./store.ts";

type Row = ListrTaskWrapper<unknown, never, never>;

/** Builds one part and shows each second how far it is. */
async function buildInTask(
  store: PartStore,
  { name, seconds }: Part,
  task: Row,
  signal: AbortSignal,
): Promise<void> {
  const started = Date.now();
  let latest = "";
  const ticking = setInterval(() => {
    const elapsed = formatSeconds(Math.round((Date.now() - started) / 1000));
    task.output = `${elapsed} of about ${formatSeconds(seconds)}${latest && `, ${latest}`}`;
  }, 1000);
  try {
    await store.build(name, (line) => (latest = line), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw buildError(name, error);
  } finally {
    clearInterval(ticking);
  }
}

/** Arguments of {@link buildTasks}. */
export interface BuildOptions {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Keep Go's caches for the next build. @default false */
  readonly keepGoCaches?: boolean;
}

/**
 * Tasks that build the missing parts. The lanes of Go and of Debian run at the same time, one part
 * after the other in each. What is made from both follows, once Go's caches have made room for it.
 */
export function buildTasks(
  store: PartStore,
  missing: readonly Part[],
  { signal, keepGoCaches = false }: BuildOptions,
): ListrTask[] {
  const built = new Map(missing.map(({ name }) => [name, Promise.withResolvers<undefined>()]));
  for (const { promise } of built.values()) promise.catch(() => undefined); // its task reports it
  const inLane = (lane: Lane) => missing.filter((part) => laneOf(part) === lane);
  /** Uses the network for the next part of the lane while the processor compiles this one. */
  const downloadAfter = async (part: Part, stopped: AbortSignal) => {
    const parts = inLane(laneOf(part));
    const next = parts[parts.indexOf(part) + 1];
    await next?.download?.(store.cache, stopped).catch(() => undefined);
  };
  const build = async (part: Part, task: Row) => {
    const outcome = built.get(part.name);
    try {
      for (const need of part.needs) {
        if (built.has(need)) task.output = `waits for ${need}`;
        await built.get(need)?.promise;
      }
      signal.throwIfAborted();
      const stop = new AbortController();
      const download = downloadAfter(part, AbortSignal.any([signal, stop.signal]));
      try {
        await buildInTask(store, part, task, signal);
      } catch (error) {
        stop.abort();
        throw error;
      } finally {
        await download;
      }
      if (part.kind === "go program" && !keepGoCaches && !(await store.isBuiltElsewhere())) {
        await removeModuleArchives(store.cache);
      }
      outcome?.resolve(undefined);
    } catch (error) {
      outcome?.reject(error);
      throw error;
    }
  };
  const row = (part: Part): ListrTask => ({
    title: `${part.name} ${part.version}`,
    task: (_context, task) => build(part, task as Row),
  });
  const images = missing.filter(({ kind }) => kind === "image");
  const lane = (title: string, parts: readonly Part[]): ListrTask => ({
    title,
    enabled: () => parts.length > 0,
    task: (_context, task) => task.newListr(parts.map(row), { concurrent: false }),
  });
  return [
    {
      title: "programs and Debian packages",
      enabled: () => inLane("go").length + inLane("debian").length > 0,
      task: (_context, task) =>
        task.newListr(
          [lane("Go modules", inLane("go")), lane("Debian packages", inLane("debian"))],
          { concurrent: true },
        ),
    },
    {
      title: "remove Go's caches",
      enabled: () => inLane("go").length > 0 && !keepGoCaches,
      task: () => removeGoCaches(store),
    },
    {
      title: `${images.length} container images`,
      enabled: () => images.length > 0,
      task: async (_context, task) => {
        for (const image of images) await build(image, task as Row);
      },
    },
    ...inLane("pack")
      .filter(({ kind }) => kind !== "image")
      .map(row),
  ];
}

/**
 * Removes Go's caches, the largest thing that a build makes. They stay while another process builds
 * parts, because its compiler reads them.
 */
export async function removeGoCaches(store: PartStore): Promise<void> {
  if (await store.isBuiltElsewhere()) return;
  await rm(goCaches(store.cache).all, { recursive: true, force: true, maxRetries: 3 });
}
