import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { goCaches } from "../build/goCaches.ts";
import { projectFile, type Part } from "../build/part.ts";

/** A folder of a Go module that the part stores next to its programs, such as an image's files. */
export interface KeptFolder {
  readonly module: string;
  readonly from: string;
  readonly to: string;
}

/** Arguments of {@link goProgram}. */
export interface GoProgramOptions {
  readonly version: string;
  /** Packages to build. @default ["tool"], the tools that go.mod names */
  readonly packages?: readonly string[];
  /** String variables that the linker sets, `path.name` to value. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly keep?: readonly KeptFolder[];
  readonly seconds: number;
  readonly megabytes: number;
}

/** Variables that give Go the lab's caches and clear settings of the user that change a build. */
export function goEnvironment(cache: string): Record<string, string> {
  const caches = goCaches(cache);
  return {
    GOCACHE: caches.build,
    GOMODCACHE: caches.modules,
    GOFLAGS: "-buildvcs=false -modcacherw",
    GOWORK: "off",
  };
}

/** The unpacked source of a module at the version in `lab/files/modules/<program>/go.mod`. */
export async function directoryOfModule(
  program: string,
  module: string,
  cache: string,
  signal: AbortSignal,
): Promise<string> {
  const ask = async (...args: string[]) => {
    const { stdout } = await execa("go", [...args, "-json", module], {
      cwd: projectFile("lab", "files", "modules", program),
      env: goEnvironment(cache),
      cancelSignal: signal,
    });
    return (JSON.parse(stdout) as { Dir?: string }).Dir;
  };
  // A download would fetch the archive again, which is removed after a build.
  const directory = (await ask("list", "-m")) ?? (await ask("mod", "download"));
  if (directory === undefined) throw new Error(`go.mod of ${program} has no module ${module}`);
  return directory;
}

/**
 * Programs of one Go module, built from the go.mod and go.sum in `lab/files/modules/<name>`. Go checks
 * every dependency against those sums.
 */
export function goProgram(name: string, options: GoProgramOptions): Part {
  const { version, packages = ["tool"], variables = {}, keep = [] } = options;
  const folder = projectFile("lab", "files", "modules", name);
  const linker = [
    "-s",
    "-w",
    ...Object.entries(variables).map(([key, value]) => `-X ${key}=${value}`),
  ];
  return {
    name,
    kind: "go program",
    version,
    needs: [],
    files: [`lab/files/modules/${name}`],
    values: { packages, variables, keep },
    seconds: options.seconds,
    megabytes: options.megabytes,
    async download(cache, signal) {
      // Listing the packages unpacks the modules that have them, and no others.
      await execa("go", ["list", "-deps", ...packages], {
        cwd: folder,
        env: { ...goEnvironment(cache), CGO_ENABLED: "0" },
        cancelSignal: signal,
        buffer: false,
      });
    },
    async build({ output, cache, say, signal }) {
      const bin = join(output, "bin");
      await mkdir(bin, { recursive: true });
      const build = execa(
        "go",
        [
          "install",
          "-v",
          "-trimpath",
          // The linker drops debug information anyway. Without it, objects are a quarter smaller.
          "-gcflags=all=-dwarf=false",
          "-ldflags",
          linker.join(" "),
          ...packages,
        ],
        {
          cwd: folder,
          env: { ...goEnvironment(cache), GOBIN: bin, CGO_ENABLED: "0" },
          cancelSignal: signal,
          forceKillAfterDelay: 2000,
          buffer: { stdout: false, stderr: true },
          maxBuffer: 20_000_000,
        },
      );
      let compiled = 0;
      for await (const line of build.iterable({ from: "stderr" })) {
        if (line.startsWith("go: downloading ")) say(line.slice("go: ".length));
        else say(`${++compiled} packages, at ${line}`);
      }
      await build;
      for (const { module, from, to } of keep) {
        const source = join(await directoryOfModule(name, module, cache, signal), from);
        await cp(source, join(output, to), { recursive: true });
      }
      if ((await readdir(bin)).length === 0) throw new Error(`go built no program for ${name}`);
    },
  };
}
