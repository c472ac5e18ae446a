import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { projectFile, type Part } from "../build/part.ts";
import type { LayerEntry } from "./layer.ts";

/** The fields of an OCI image configuration that the recipe sets. */
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
 * Content of an image part's `image.json`. The image's own layer is written only into an archive:
 * stored layers would double the size of the cache.
 */
export interface ImageDescription {
  /** Full name with tag. */
  readonly image: string;
  readonly config: ImageConfig;
  /** Part whose `layer.tar` is the layer below. */
  readonly base?: string;
  /** Each `from` has the form `<part>:path`. The description outlives the checkout that wrote it. */
  readonly entries: readonly LayerEntry[];
}

/** An entry whose `from` is `project:path` or `<part>:path`. */
export interface ImageEntry extends LayerEntry {
  /** Changes to a text file. Each must apply at least once. `find` is a multi-line expression. */
  readonly edits?: readonly { readonly find: string; readonly put: string }[];
}

const projectOrigin = "project:";

/** The project path of an entry's source, or undefined when the source is another part. */
const projectPath = ({ from }: ImageEntry): string | undefined =>
  from?.startsWith(projectOrigin) ? from.slice(projectOrigin.length) : undefined;

/** The file behind a `from` of an {@link ImageDescription}. */
export function sourceFile(from: string, of: (name: string) => string): string {
  const colon = from.indexOf(":");
  return join(of(from.slice(0, colon)), from.slice(colon + 1));
}

async function edited(file: string, edits: NonNullable<ImageEntry["edits"]>): Promise<string> {
  let text = await readFile(file, "utf8");
  for (const { find, put } of edits) {
    const changed = text.replace(new RegExp(find, "gm"), put);
    if (changed === text) throw new Error(`${file} has no match for /${find}/`);
    text = changed;
  }
  return text;
}

/** Arguments of {@link image}. */
export interface ImageOptions {
  /** Full name with tag. */
  readonly image: string;
  readonly base?: string;
  readonly needs?: readonly string[];
  readonly config: ImageConfig;
  readonly entries: readonly ImageEntry[];
}

/** A container image with one layer, optionally above a Debian root. */
export function image(name: string, options: ImageOptions): Part {
  const { base, needs = [], config, entries } = options;
  const withoutProjectPaths = entries.map((entry) => {
    const path = projectPath(entry);
    return path === undefined ? entry : { ...entry, from: projectOrigin + basename(path) };
  });
  return {
    name,
    kind: "image",
    version: options.image.slice(options.image.lastIndexOf(":") + 1),
    needs: [...(base === undefined ? [] : [base]), ...needs],
    files: [
      "lab/recipes/image.ts",
      ...entries.map(projectPath).filter((path) => path !== undefined),
    ],
    values: { image: options.image, config, entries: withoutProjectPaths },
    seconds: 1,
    megabytes: 1,
    async build({ output, of }) {
      const resolve = async (entry: ImageEntry, position: number): Promise<LayerEntry> => {
        const { from, edits, ...rest } = entry;
        if (from === undefined) return rest;
        const path = projectPath(entry);
        const source = path === undefined ? sourceFile(from, of) : projectFile(path);
        if (edits !== undefined) return { ...rest, text: await edited(source, edits) };
        if (path === undefined) return { ...rest, from };
        const copy = join("files", String(position));
        await mkdir(join(output, "files"), { recursive: true });
        await cp(source, join(output, copy), { recursive: true });
        return { ...rest, from: `${name}:${copy}` };
      };
      const description: ImageDescription = {
        image: options.image,
        config: {
          Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
          ...config,
        },
        ...(base === undefined ? {} : { base }),
        entries: await Promise.all(entries.map(resolve)),
      };
      await writeFile(join(output, "image.json"), JSON.stringify(description, null, 2));
    },
  };
}

const passwd = {
  root: "root:x:0:0:root:/root:/sbin/nologin\n",
  nobody: "nobody:x:65534:65534:nobody:/:/sbin/nologin\n",
};

/** Arguments of {@link programImage}. */
export interface ProgramImageOptions {
  /** Full name with tag. */
  readonly image: string;
  /** Part that has the program in its `bin`. */
  readonly from: string;
  readonly program: string;
  /** Path in the image. @default "/usr/local/bin/<program>" */
  readonly at?: string;
  readonly user?: string;
  /** Whether the image starts the program by default. @default true */
  readonly entrypoint?: boolean;
}

/** A container image with one static program and little else. */
export function programImage(name: string, options: ProgramImageOptions): Part {
  const { from, program, at = `/usr/local/bin/${program}`, user, entrypoint = true } = options;
  return image(name, {
    image: options.image,
    needs: [from],
    config: {
      ...(entrypoint ? { Entrypoint: [at] } : {}),
      ...(user === undefined ? {} : { User: user }),
    },
    entries: [
      { path: at, from: `${from}:bin/${program}` },
      { path: "/etc/passwd", text: passwd.root + passwd.nobody },
      { path: "/tmp", mode: 0o1777 },
    ],
  });
}
