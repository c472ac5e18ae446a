import { createReadStream, createWriteStream } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { pipeline } from "node:stream/promises";

import { pack, type Header, type Pack } from "tar-stream";

import { layerEpochSeconds } from "./debianRoot.ts";

/** One entry of a layer. */
export interface LayerEntry {
  /** Absolute path in the image. */
  readonly path: string;
  /** A file or folder to copy. Without `from`, `text` and `link` the entry is a directory. */
  readonly from?: string;
  readonly text?: string;
  /** Target of a symbolic link. */
  readonly link?: string;
  /** Permission bits. For a copied folder, those of its files. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** File capabilities (a mask of `1 << capability`), permitted and effective. */
  readonly capabilities?: number;
}

const modified = new Date(layerEpochSeconds * 1000);

/** Extended attribute `security.capability`, revision 2 with the effective bit (linux/capability.h). */
function capabilityAttribute(mask: number): string {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x02000001, 0);
  value.writeUInt32LE(mask, 4);
  return value.toString("latin1");
}

async function expand(entry: LayerEntry): Promise<LayerEntry[]> {
  if (entry.from === undefined || !(await lstat(entry.from)).isDirectory()) return [entry];
  const { from, mode, ...rest } = entry;
  const children = await Promise.all(
    (await readdir(from)).map((name) =>
      expand({
        ...rest,
        ...(mode === undefined ? {} : { mode }),
        path: posix.join(entry.path, name),
        from: join(from, name),
      }),
    ),
  );
  return [rest, ...children.flat()];
}

const add = (layer: Pack, header: Partial<Header> & { name: string }, content?: string) =>
  new Promise<void>((resolve, reject) => {
    layer.entry(header, content ?? "", (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

async function write(layer: Pack, entry: LayerEntry): Promise<void> {
  const { uid = 0, gid = 0 } = entry;
  const common = { name: entry.path.replace(/^\//, ""), uid, gid, mtime: modified };
  const linked =
    entry.link ??
    (entry.from !== undefined && (await lstat(entry.from)).isSymbolicLink()
      ? await readlink(entry.from)
      : undefined);
  if (linked !== undefined) {
    return add(layer, { ...common, type: "symlink", linkname: linked, mode: 0o777 });
  }
  if (entry.text !== undefined) {
    return add(layer, { ...common, mode: entry.mode ?? 0o644 }, entry.text);
  }
  if (entry.from === undefined) {
    return add(layer, { ...common, type: "directory", mode: entry.mode ?? 0o755 });
  }
  const { size, mode } = await stat(entry.from);
  const header: Partial<Header> & { name: string } = {
    ...common,
    size,
    mode: entry.mode ?? (mode & 0o111 ? 0o755 : 0o644),
  };
  if (entry.capabilities !== undefined) {
    header.pax = { "SCHILY.xattr.security.capability": capabilityAttribute(entry.capabilities) };
  }
  await pipeline(createReadStream(entry.from, { highWaterMark: 1 << 20 }), layer.entry(header));
}

/** Writes a layer. Entries are sorted and times are fixed, so equal content gives equal bytes. */
export async function writeLayer(file: string, entries: readonly LayerEntry[]): Promise<void> {
  const all = (await Promise.all(entries.map(expand))).flat();
  // The last entry of a path wins, so that an entry can replace one file of a copied folder.
  const byPath = new Map(all.map((entry) => [entry.path, entry]));
  const layer = pack();
  const written = pipeline(layer, createWriteStream(file));
  const adding = (async () => {
    for (const path of [...byPath.keys()].sort()) {
      await write(layer, byPath.get(path) as LayerEntry);
    }
    layer.finalize();
  })();
  await Promise.all([adding, written]);
}
