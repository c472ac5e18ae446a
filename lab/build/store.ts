import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { keyOf, type Part } from "./part.ts";

/** Knows which parts exist and are up to date, and builds a missing one. */
export class PartStore {
  readonly cache: string;
  readonly #table: ReadonlyMap<string, Part>;
  readonly #keys = new Map<string, string>();
  readonly #home: string;

  /**
   * @param cache the directory that all labs of this user share
   * @param table the parts, each after those that it needs
   */
  constructor(cache: string, table: readonly Part[]) {
    this.cache = cache;
    this.#table = new Map(table.map((part) => [part.name, part]));
    this.#home = join(cache, "parts");
  }

  /** The part of a name. A name that the table lacks is a bug. */
  get(name: string): Part {
    const part = this.#table.get(name);
    if (!part) throw new Error(`the table of parts has no "${name}"`);
    return part;
  }

  #key(name: string): string {
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = keyOf(this.get(name), (need) => this.#key(need));
      this.#keys.set(name, key);
    }
    return key;
  }

  /** Where the part is once it is built. */
  directoryOf(name: string): string {
    return join(this.#home, name, this.#key(name));
  }

  /** Whether the part is built from the current inputs. */
  has(name: string): boolean {
    return existsSync(this.directoryOf(name));
  }

  /**
   * What must be built for the named parts, in the table's order. A part that was only needed to
   * make an existing one is left out.
   */
  missing(names: readonly string[]): Part[] {
    const wanted = new Set<string>();
    const visit = (name: string) => {
      if (wanted.has(name) || this.has(name)) return;
      wanted.add(name);
      this.get(name).needs.forEach(visit);
    };
    names.forEach(visit);
    return [...this.#table.values()].filter(({ name }) => wanted.has(name));
  }

  /**
   * Builds one part whose needs exist, then removes its older versions. The result is moved into
   * place by one rename, so an interrupted build leaves nothing that looks complete.
   */
  async build(name: string, say: (line: string) => void, signal: AbortSignal): Promise<void> {
    const target = this.directoryOf(name);
    const versions = join(this.#home, name);
    const output = join(this.#home, `.building-${process.pid}-${name}`);
    await mkdir(output, { recursive: true });
    try {
      await this.get(name).build({
        output,
        of: (need) => this.directoryOf(need),
        cache: this.cache,
        say,
        signal,
      });
      await mkdir(versions, { recursive: true });
      await rename(output, target).catch((error: unknown) => {
        if (!existsSync(target)) throw error; // otherwise another run was faster
      });
    } finally {
      await rm(output, { recursive: true, force: true });
    }
    for (const version of await readdir(versions)) {
      if (join(versions, version) !== target) {
        await rm(join(versions, version), { recursive: true, force: true });
      }
    }
  }

  /** Removes what interrupted builds left. */
  async sweep(): Promise<void> {
    for (const { folder, builder } of await this.#unfinished()) {
      if (!isAlive(builder)) await rm(folder, { recursive: true, force: true });
    }
  }

  /** Whether another process builds a part in this cache. */
  async isBuiltElsewhere(): Promise<boolean> {
    const unfinished = await this.#unfinished();
    return unfinished.some(({ builder }) => builder !== process.pid && isAlive(builder));
  }

  async #unfinished(): Promise<{ readonly folder: string; readonly builder: number }[]> {
    if (!existsSync(this.#home)) return [];
    return (await readdir(this.#home)).flatMap((entry) => {
      const builder = /^\.building-(\d+)-/.exec(entry)?.[1];
      return builder === undefined
        ? []
        : [{ folder: join(this.#home, entry), builder: Number(builder) }];
    });
  }
}

const isAlive = (processId: number): boolean => existsSync(`/proc/${processId}`);
