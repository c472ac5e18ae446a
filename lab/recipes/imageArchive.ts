import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { pack, type Pack } from "tar-stream";

import { layerEpochSeconds } from "./debianRoot.ts";
import { sourceFile, type ImageDescription } from "./image.ts";
import { writeLayer } from "./layer.ts";

const created = new Date(layerEpochSeconds * 1000).toISOString();
const mtime = new Date(layerEpochSeconds * 1000);

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

interface Described {
  readonly description: ImageDescription;
  /** Layer files, lowest first. */
  readonly layers: readonly string[];
}

/**
 * Writes each image's own layer into a folder, where {@link imageArchive} reads it.
 *
 * @param of returns the directory of a part
 */
export async function writeImages(
  images: readonly string[],
  of: (name: string) => string,
  scratch: string,
): Promise<Described[]> {
  const described: Described[] = [];
  for (const name of images) {
    const text = await readFile(join(of(name), "image.json"), "utf8");
    const description = JSON.parse(text) as ImageDescription;
    const own = join(scratch, `${name}.tar`);
    await writeLayer(
      own,
      description.entries.map((entry) =>
        entry.from === undefined ? entry : { ...entry, from: sourceFile(entry.from, of) },
      ),
    );
    const below = description.base === undefined ? [] : [join(of(description.base), "layer.tar")];
    described.push({ description, layers: [...below, own] });
  }
  return described;
}

/** The digests (`sha256:…`) of the images' layers, without duplicates. */
export async function layerDigests(images: readonly Described[]): Promise<string[]> {
  const files = new Set(images.flatMap(({ layers }) => layers));
  const digests = await Promise.all([...files].map(sha256OfFile));
  return [...new Set(digests)].map((digest) => `sha256:${digest}`);
}

/**
 * A stream of several images as one docker-archive for `docker load` and `ctr images import`. A
 * shared layer is stored once.
 */
export function imageArchive(images: readonly Described[]): Pack {
  const archive = pack();
  const digests = new Map<string, string>();
  const digestOf = async (file: string) => {
    const known = digests.get(file) ?? (await sha256OfFile(file));
    digests.set(file, known);
    return known;
  };
  const write = async () => {
    const manifest = [];
    const stored = new Set<string>();
    for (const { description, layers: files } of images) {
      const layers = await Promise.all(files.map(digestOf));
      const config = JSON.stringify({
        created,
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config: description.config,
        rootfs: { type: "layers", diff_ids: layers.map((digest) => `sha256:${digest}`) },
        history: layers.map(() => ({ created, created_by: "provenet lab" })),
      });
      const id = createHash("sha256").update(config).digest("hex");
      archive.entry({ name: `${id}.json`, mtime }, config);
      for (const [position, file] of files.entries()) {
        const layer = `${layers[position]}.tar`;
        if (stored.has(layer)) continue;
        stored.add(layer);
        const { size } = await stat(file);
        await pipeline(
          createReadStream(file, { highWaterMark: 1 << 20 }),
          archive.entry({ name: layer, size, mtime }),
        );
      }
      manifest.push({
        Config: `${id}.json`,
        RepoTags: [description.image],
        Layers: layers.map((digest) => `${digest}.tar`),
      });
    }
    archive.entry({ name: "manifest.json", mtime }, JSON.stringify(manifest));
    archive.finalize();
  };
  write().catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return archive;
}
