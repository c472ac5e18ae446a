import { randomBytes } from "node:crypto";
import {
  chmod,
  copyFile,
  link,
  mkdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import path from "node:path";

import { standInVersions } from "./versions.ts";

/** Paths of an installation. */
export interface StandInPlaces {
  /** The Node binary that runs the stand-ins. */
  readonly node: string;
  /** The engine. It is linked into `directory`, because it looks for language hosts in its own folder. */
  readonly pulumiBinary: string;
  /** Receives `pulumi` and `pulumi-language-nodejs`, and belongs on PATH. */
  readonly directory: string;
  /** PULUMI_HOME, which receives the resource plugins. */
  readonly pulumiHome: string;
}

/**
 * Writes launchers that the engine finds and that run the TypeScript of this folder. It can be repeated, also
 * after an interruption.
 */
export async function installStandIns(places: StandInPlaces): Promise<void> {
  const { node, pulumiBinary, directory, pulumiHome } = places;
  await mkdir(directory, { recursive: true });
  await linkEngine(pulumiBinary, path.join(directory, "pulumi"));
  await mkdir(pulumiHome, { recursive: true, mode: 0o700 });
  await keepNoLog(path.join(pulumiHome, "logs"));
  const cache = path.join(directory, "compile-cache");
  const launch = (standIn: string, file: string) =>
    writeLauncher(node, path.join(import.meta.dirname, standIn, "main.ts"), cache, file);
  await launch("language-host", path.join(directory, "pulumi-language-nodejs"));
  for (const [name, version] of Object.entries(standInVersions)) {
    const plugin = path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    await mkdir(plugin, { recursive: true });
    await launch(name, path.join(plugin, `pulumi-resource-${name}`));
  }
}

/** Writes a launcher. It execs Node, so that Node receives the engine's signals. */
async function writeLauncher(
  node: string,
  main: string,
  compileCache: string,
  file: string,
): Promise<void> {
  const lines = [
    "#!/bin/sh",
    "# Written by provenet's lab. Starts a stand-in for a Pulumi plugin.",
    `: "\${NODE_COMPILE_CACHE:=${compileCache}}"`,
    "export NODE_COMPILE_CACHE",
    `exec ${quoted(node)} --disable-warning=ExperimentalWarning ${quoted(main)} "$@"`,
    "",
  ];
  await replace(file, async (temporary) => {
    await writeFile(temporary, lines.join("\n"));
    await chmod(temporary, 0o755);
  });
}

/** Hard-links the engine, because it resolves symbolic links before it looks for language hosts. */
async function linkEngine(binary: string, file: string): Promise<void> {
  const real = await realpath(binary);
  const there = await stat(file).catch(() => undefined);
  const wanted = await stat(real);
  if (there?.ino === wanted.ino && there.dev === wanted.dev) return;
  await replace(file, async (temporary) => {
    await link(real, temporary).catch(() => copyFile(real, temporary));
  });
}

/**
 * Replaces the engine's log folder with a file.
 *
 * The engine logs every message to and from a plugin, which takes 15 MB and a third of the CPU time of a
 * command. It has no option for it, and does not log when it cannot create the folder.
 */
async function keepNoLog(logs: string): Promise<void> {
  await rm(logs, { recursive: true, force: true });
  await writeFile(logs, "This file keeps the engine from logging every plugin message.\n");
}

async function replace(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    await write(temporary);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Quotes for the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
