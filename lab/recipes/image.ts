import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { projectFile, type Artefact } from "../build/artefact.ts";
import type { LayerEntry } from "./layer.ts";

/** The part of an OCI image configuration that we set. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
}

/**
 * What an image's artefact says of itself in `image.json`. Its own layer is only written where an
 * archive of it is made: kept, the layers of all images would double the size of the cache.
 */
export interface ImageDescription {
  /** Full name with tag. */
  readonly image: string;
  readonly config: ImageConfig;
  /** Artefact whose `layer.tar` lies below. */
  readonly base?: string;
  /** With `from` as {@link ImageEntry} has it: the cache outlives the checkout that filled it. */
  readonly entries: readonly LayerEntry[];
}

/** An entry whose `from` is `project:path` or `<artefact>:path`. */
export interface ImageEntry extends LayerEntry {
  /** Changes to a text file; each must apply at least once. `find` is a multi-line expression. */
  readonly edits?: readonly { readonly find: string; readonly put: string }[];
}

/** The file that a `from` of an {@link ImageEntry} means. */
export function sourceFile(from: string, of: (name: string) => string): string {
  const colon = from.indexOf(":");
  const [origin, path] = [from.slice(0, colon), from.slice(colon + 1)];
  return origin === "project" ? projectFile(path) : join(of(origin), path);
}

async function edited(file: string, edits: NonNullable<ImageEntry["edits"]>): Promise<string> {
  let text = await readFile(file, "utf8");
  for (const { find, put } of edits) {
    const changed = text.replace(new RegExp(find, "gm"), put);
    if (changed === text) throw new Error(`${file} has nothing that /${find}/ matches`);
    text = changed;
  }
  return text;
}

export interface ImageOptions {
  /** Full name with tag; the artefact's name is its last part with the tag left out. */
  readonly image: string;
  readonly base?: string;
  readonly needs?: readonly string[];
  readonly config: ImageConfig;
  readonly entries: readonly ImageEntry[];
}

/** A container image with one layer of its own, perhaps above a Debian root. */
export function image(name: string, options: ImageOptions): Artefact {
  const { base, needs = [], config, entries } = options;
  const sources = entries.flatMap(({ from }) =>
    from?.startsWith("project:") ? [from.slice("project:".length)] : [],
  );
  return {
    name,
    kind: "image",
    version: options.image.slice(options.image.lastIndexOf(":") + 1),
    needs: [...(base === undefined ? [] : [base]), ...needs],
    files: ["lab/recipes/image.ts", ...sources],
    values: { image: options.image, config, entries },
    seconds: 1,
    megabytes: 1,
    async build({ output, of }) {
      const resolved = await Promise.all(
        entries.map(async ({ edits, from: source, ...entry }): Promise<LayerEntry> => {
          if (source === undefined) return entry;
          return edits === undefined
            ? { ...entry, from: source }
            : { ...entry, text: await edited(sourceFile(source, of), edits) };
        }),
      );
      const description: ImageDescription = {
        image: options.image,
        config: {
          Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
          ...config,
        },
        ...(base === undefined ? {} : { base }),
        entries: resolved,
      };
      await writeFile(join(output, "image.json"), JSON.stringify(description, null, 2));
    },
  };
}
