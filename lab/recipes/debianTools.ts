import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import type { Part } from "../build/part.ts";

/** apt options for private lists and archives, so that the machine's package state is only read. */
function privateApt(cache: string): string[] {
  const apt = join(cache, "apt");
  return [
    "-q",
    "-o",
    `Dir::State::Lists=${apt}/lists`,
    "-o",
    `Dir::Cache=${apt}/archives`,
    "-o",
    "APT::Sandbox::User=root",
  ];
}

// Derives the root from the script's path, because a finished part is moved into place.
const wrapper = (program: string) => `#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")/root
libraries=$(uname -m)-linux-gnu
export PATH="$PATH:$root/usr/sbin:$root/usr/bin"
export LD_LIBRARY_PATH="$root/usr/lib/$libraries:$root/lib/$libraries"
export XTABLES_LIBDIR="$root/usr/lib/$libraries/xtables"
exec "$root${program}" "$@"
`;

/** Arguments of {@link debianTools}. */
export interface DebianToolsOptions {
  readonly packages: readonly string[];
  /** Command name to the program's path inside the packages. */
  readonly commands: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * Programs from Debian packages, unpacked into the cache without installing them. dpkg's status, /etc
 * and the machine's services stay unchanged. Dependencies that are installed are not downloaded.
 */
export function debianTools(name: string, options: DebianToolsOptions): Part {
  const { packages, commands, seconds, megabytes } = options;
  return {
    name,
    kind: "debian packages",
    version: "as the machine's apt sources have it",
    needs: [],
    files: ["lab/recipes/debianTools.ts"],
    values: { packages, commands },
    seconds,
    megabytes,
    async build({ output, cache, say, signal }) {
      const apt = privateApt(cache);
      const archives = join(output, "archives");
      const root = join(output, "root");
      const lists = join(cache, "apt", "lists", "partial");
      for (const directory of [lists, archives, root, join(output, "bin")]) {
        await mkdir(directory, { recursive: true });
      }
      const run = { cancelSignal: signal, env: { LC_ALL: "C" } };
      say("reading the package lists");
      await execa("apt-get", [...apt, "update"], run);
      const plan = await execa(
        "apt-get",
        [...apt, "install", "--simulate", "--no-install-recommends", "--reinstall", ...packages],
        run,
      );
      const wanted = plan.stdout.split("\n").flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
      say(`downloading ${wanted.length} packages`);
      await execa("apt-get", [...apt, "download", ...wanted], { ...run, cwd: archives });
      for (const archive of await readdir(archives)) {
        await execa("dpkg-deb", ["--extract", join(archives, archive), root], run);
      }
      await execa("rm", ["-rf", archives]);
      for (const [command, program] of Object.entries(commands)) {
        const file = join(output, "bin", command);
        // Debian 12 ships some programs in /bin. Later releases have all of them in /usr/bin.
        const found = [program, `/usr${program}`].find((path) => existsSync(join(root, path)));
        if (found === undefined) throw new Error(`the packages of ${name} have no ${program}`);
        await writeFile(file, wrapper(found));
        await chmod(file, 0o755);
      }
    },
  };
}
