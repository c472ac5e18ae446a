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

/** Where the stand-ins go. */
export interface StandInPlaces {
  /** The Node that runs them. */
  readonly node: string;
  /** The engine: it is linked into `directory`, since it looks for language hosts beside its own executable. */
  readonly pulumiBinary: string;
  /** Gets `pulumi` and `pulumi-language-nodejs`: put it on PATH. */
  readonly directory: string;
  /** PULUMI_HOME: gets the resource plugins. */
  readonly pulumiHome: string;
}

/**
 * Puts the stand-ins where the engine finds them: small launchers that run the TypeScript of this folder.
 * It may be repeated and interrupted at any time; a launcher that is right already is written again.
 */
export async function installStandIns(places: StandInPlaces): Promise<void> {
  const { node, pulumiBinary, directory, pulumiHome } = places;
  await mkdir(directory, { recursive: true });
  await linkEngine(pulumiBinary, path.join(directory, "pulumi"));
  await mkdir(pulumiHome, { recursive: true });
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

/** The launcher replaces itself by Node, so that the engine's signals arrive where they are handled. */
async function writeLauncher(
  node: string,
  main: string,
  compileCache: string,
  file: string,
): Promise<void> {
  const lines = [
    "#!/bin/sh",
    "# Written by the lab: starts a stand-in for a Pulumi plugin, which says in its header what it is.",
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

/** A symbolic link would not do: the engine looks beside the file that the link leads to. */
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
 * The engine writes down every message to and from a plugin, states and all: 15 MB and a third of the
 * processor's time for each command, and it has no switch for that. It goes without where it cannot make the
 * folder.
 */
async function keepNoLog(logs: string): Promise<void> {
  await rm(logs, { recursive: true, force: true });
  await writeFile(logs, "In place of the engine's folder for logs, which it would fill.\n");
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
