import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { pack, type Pack } from "tar-stream";

import { layerEpochSeconds } from "./debianRoot.ts";
import type { ImageDescription } from "./image.ts";

const created = new Date(layerEpochSeconds * 1000).toISOString();
const mtime = new Date(layerEpochSeconds * 1000);

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

async function describe(name: string, of: (name: string) => string) {
  const text = await readFile(join(of(name), "image.json"), "utf8");
  const description = JSON.parse(text) as ImageDescription;
  const names = [...(description.base === undefined ? [] : [description.base]), name];
  return { description, layers: names.map((layer) => join(of(layer), "layer.tar")) };
}

/** The digests (`sha256:…`) of all layers of the images, each once. */
export async function layerDigests(
  images: readonly string[],
  of: (name: string) => string,
): Promise<string[]> {
  const described = await Promise.all(images.map((name) => describe(name, of)));
  const files = new Set(described.flatMap(({ layers }) => layers));
  return [
    ...new Set(
      await Promise.all([...files].map(async (file) => `sha256:${await sha256OfFile(file)}`)),
    ),
  ];
}

/**
 * A stream of several images as one docker-archive, which `docker load` and `ctr images import`
 * read. A layer that several images share is stored once.
 *
 * @param images artefact names of the images.
 * @param of the directory of an artefact.
 */
export function imageArchive(images: readonly string[], of: (name: string) => string): Pack {
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
    for (const name of images) {
      const { description, layers: files } = await describe(name, of);
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
