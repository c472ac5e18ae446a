import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { keyOf, type Artefact } from "./artefact.ts";

/** Knows which artefacts exist and are up to date, and builds one that is not. */
export class ArtefactStore {
  readonly cache: string;
  readonly #artefacts: ReadonlyMap<string, Artefact>;
  readonly #keys = new Map<string, string>();

  /** @param cache the directory that all labs of this user share. */
  constructor(cache: string, artefacts: readonly Artefact[]) {
    this.cache = cache;
    this.#artefacts = new Map(artefacts.map((artefact) => [artefact.name, artefact]));
  }

  /** The artefact of a name; a name that the table does not have is a bug. */
  get(name: string): Artefact {
    const artefact = this.#artefacts.get(name);
    if (!artefact) throw new Error(`the table of artefacts has no "${name}"`);
    return artefact;
  }

  #key(name: string): string {
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = keyOf(this.get(name), (need) => this.#key(need));
      this.#keys.set(name, key);
    }
    return key;
  }

  /** Where the artefact is, or will be when it has been built. */
  directoryOf(name: string): string {
    return join(this.cache, "artefacts", name, this.#key(name));
  }

  /** Whether the artefact stands ready for today's inputs. */
  has(name: string): boolean {
    return existsSync(this.directoryOf(name));
  }

  /** The named artefacts and all that they are made from, each once, in building order. */
  withNeeds(names: readonly string[]): Artefact[] {
    const ordered = new Map<string, Artefact>();
    const visit = (name: string) => {
      if (ordered.has(name)) return;
      const artefact = this.get(name);
      artefact.needs.forEach(visit);
      ordered.set(name, artefact);
    };
    names.forEach(visit);
    return [...ordered.values()];
  }

  /**
   * What must be built for the named ones: nothing that only served to make something that is
   * already there.
   */
  missing(names: readonly string[]): Artefact[] {
    const wanted = new Set<string>();
    const visit = (name: string) => {
      if (wanted.has(name) || this.has(name)) return;
      wanted.add(name);
      this.get(name).needs.forEach(visit);
    };
    names.forEach(visit);
    return this.withNeeds([...wanted]).filter((artefact) => wanted.has(artefact.name));
  }

  /**
   * Builds one artefact whose needs are there. It comes to its place by one rename, so a build
   * that is interrupted leaves nothing that could be taken for a result; older versions of it go.
   */
  async build(name: string, say: (line: string) => void, signal: AbortSignal): Promise<void> {
    const target = this.directoryOf(name);
    const home = join(this.cache, "artefacts", name);
    const output = join(this.cache, "artefacts", `.building-${process.pid}-${name}`);
    await mkdir(output, { recursive: true });
    try {
      await this.get(name).build({
        output,
        of: (need) => this.directoryOf(need),
        cache: this.cache,
        say,
        signal,
      });
      await mkdir(home, { recursive: true });
      await rename(output, target).catch((error: unknown) => {
        if (!existsSync(target)) throw error; // else another run of ours was faster
      });
    } finally {
      await rm(output, { recursive: true, force: true });
    }
    for (const version of await readdir(home)) {
      if (join(home, version) !== target)
        await rm(join(home, version), { recursive: true, force: true });
    }
  }

  /** Removes what interrupted builds left behind. */
  async sweep(): Promise<void> {
    const home = join(this.cache, "artefacts");
    if (!existsSync(home)) return;
    for (const entry of await readdir(home)) {
      const builder = /^\.building-(\d+)-/.exec(entry)?.[1];
      if (builder !== undefined && !existsSync(`/proc/${builder}`)) {
        await rm(join(home, entry), { recursive: true, force: true });
      }
    }
  }
}
