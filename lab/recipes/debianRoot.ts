import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { projectFile, type Part } from "../build/part.ts";

/** Time of every file in a layer, so that equal content gives equal bytes. */
export const layerEpochSeconds = 1_761_091_200;

/** Arguments of {@link debianRoot}. */
export interface DebianRootOptions {
  readonly suite: string;
  readonly variant: "minbase" | "essential";
  readonly packages: readonly string[];
  /** Project script that finishes the root. Its argument is the root's path. */
  readonly finish: string;
  /** Parts whose `bin` folders the script gets as `BIN_<NAME>`. */
  readonly needs?: readonly string[];
  readonly files?: readonly string[];
  /** Files of the root that the part also stores unpacked, at the same path. */
  readonly extract?: readonly string[];
  readonly seconds: number;
  readonly megabytes: number;
}

const leftOut = ["man/*", "locale/*", "doc/*", "info/*", "i18n/*"].map(
  (path) => `--dpkgopt=path-exclude=/usr/share/${path}`,
);

async function aptSources(): Promise<string[]> {
  const directory = "/etc/apt/sources.list.d";
  const files = (await readdir(directory).catch(() => []))
    .filter((file) => file.endsWith(".sources") || file.endsWith(".list"))
    .map((file) => join(directory, file));
  const list = "/etc/apt/sources.list";
  return (await stat(list).catch(() => undefined)) ? [list, ...files] : files;
}

/** A Debian file system as one layer (`layer.tar`), from the machine's apt sources. */
export function debianRoot(name: string, options: DebianRootOptions): Part {
  const { suite, variant, packages, finish, needs = [], files = [], extract = [] } = options;
  return {
    name,
    kind: "debian root",
    version: suite,
    needs: ["debian-tools", ...needs],
    files: [finish, "lab/recipes/debianRoot.ts", ...files],
    values: { variant, packages, extract },
    seconds: options.seconds,
    megabytes: options.megabytes,
    async build({ output, of, say, signal }) {
      const mmdebstrap = execa(
        join(of("debian-tools"), "bin", "mmdebstrap"),
        [
          "--mode=root",
          `--variant=${variant}`,
          "--format=tar",
          "--skip=output/dev",
          '--aptopt=APT::Install-Recommends "false"',
          ...leftOut,
          `--include=${packages.join(",")}`,
          `--customize-hook=${projectFile(finish)} "$1"`,
          suite,
          join(output, "layer.tar"),
          ...(await aptSources()),
        ],
        {
          env: {
            SOURCE_DATE_EPOCH: String(layerEpochSeconds),
            TMPDIR: output,
            ...Object.fromEntries(
              needs.map((need) => [
                `BIN_${need.toUpperCase().replaceAll("-", "_")}`,
                join(of(need), "bin"),
              ]),
            ),
          },
          cancelSignal: signal,
          forceKillAfterDelay: 5000,
          buffer: { stdout: false, stderr: true },
        },
      );
      for await (const line of mmdebstrap.iterable({ from: "stderr" })) {
        if (line.startsWith("I: ")) say(line.slice(3));
      }
      await mmdebstrap;
      if (extract.length > 0) {
        const paths = extract.map((path) => `./${path}`);
        await execa("tar", ["-C", output, "-xf", join(output, "layer.tar"), ...paths]);
      }
    },
  };
}
