import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

import { execa } from "execa";
import pRetry from "p-retry";

import { UserError } from "../../messages/errors.ts";
import type { PartStore } from "../build/store.ts";
import { imageArchive, writeImages } from "../recipes/imageArchive.ts";
import type { Directories } from "./directories.ts";
import { namespacePath, namespacesOf } from "./owner.ts";

/** The socket of the lab's Docker. A Unix socket works from any network namespace. */
export const dockerHost = ({ run }: Directories): string => `unix://${join(run, "docker.sock")}`;

const pidFile = ({ run }: Directories) => join(run, "docker.pid");
const configurationFile = ({ run }: Directories) => join(run, "dockerd.json");
const scratchPrefix = "layers-";
const logFile = ({ lab }: Directories) => join(lab, "log", "dockerd.log");

/**
 * Process id of the lab's dockerd, if it runs. Its command line names the lab's configuration, which is
 * there before its pid file is.
 */
async function daemonProcess(directories: Directories): Promise<number | undefined> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const words = line.split("\0");
    const isDaemon = words.some((word) => basename(word) === "dockerd");
    if (isDaemon && words.includes(configurationFile(directories))) return Number(pid);
  }
  return undefined;
}

const docker = (directories: Directories, ...args: string[]) =>
  execa("docker", args, { env: { DOCKER_HOST: dockerHost(directories) } });

/** Starts dockerd in the router's namespace and waits until it answers. */
export async function startDocker(directories: Directories, tools: string): Promise<void> {
  if ((await daemonProcess(directories)) === undefined) {
    const { lab, run } = directories;
    await mkdir(join(lab, "log"), { recursive: true });
    await mkdir(run, { recursive: true, mode: 0o700 });
    await rm(pidFile(directories), { force: true });
    const runtime = join(run, "runc-granted");
    await copyFile(join(import.meta.dirname, "..", "files", "runc-granted"), runtime);
    const configuration = configurationFile(directories);
    await writeFile(
      configuration,
      JSON.stringify({
        "data-root": join(lab, "docker"),
        "exec-root": join(run, "docker"),
        pidfile: pidFile(directories),
        hosts: [dockerHost(directories)],
        "storage-driver": "overlay2",
        runtimes: { granted: { path: runtime } },
        "default-runtime": "granted",
        "log-opts": { "max-size": "10m" },
      }),
    );
    const log = openSync(logFile(directories), "w", 0o600);
    const { router } = namespacesOf(directories);
    // `ip netns exec` would mount a new /sys, which hides the cgroups.
    spawn(
      "nsenter",
      [
        `--net=${namespacePath(router)}`,
        "--",
        join(tools, "dockerd"),
        "--config-file",
        configuration,
      ],
      {
        detached: true,
        stdio: ["ignore", log, log],
        env: { ...process.env, PATH: `${tools}:${process.env.PATH ?? ""}` },
      },
    ).unref();
    closeSync(log);
  }
  try {
    await pRetry(() => docker(directories, "version"), { retries: 60, minTimeout: 250, factor: 1 });
  } catch {
    const log = await readFile(logFile(directories), "utf8").catch(() => "");
    const lastLines = log.trim().split("\n").slice(-8).join("\n");
    throw new UserError(
      `the lab's dockerd did not answer within 15 s. The end of ${logFile(directories)}:\n${lastLines}`,
      "run npm run down, then npm run up. If it fails in the same way, the lines above show the cause",
    );
  }
}

/** Loads the node image, unless Docker already has this version. */
export async function loadNodeImage(
  directories: Directories,
  store: PartStore,
  say: (line: string) => void,
): Promise<void> {
  const mark = join(directories.lab, "node-image");
  const wanted = store.directoryOf("image-node");
  const loaded = await readFile(mark, "utf8").catch(() => "");
  if (loaded === wanted) return;
  say("loading the node image");
  await removeScratch(directories);
  const scratch = await mkdtemp(join(directories.lab, scratchPrefix));
  try {
    const images = await writeImages(["image-node"], (name) => store.directoryOf(name), scratch);
    await execa("docker", ["load", "--quiet"], {
      env: { DOCKER_HOST: dockerHost(directories) },
      input: Readable.from(imageArchive(images)),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await writeFile(mark, wanted);
}

/** Removes the folders of loads that were killed. */
async function removeScratch({ lab }: Directories): Promise<void> {
  const names = existsSync(lab) ? await readdir(lab) : [];
  for (const name of names.filter((one) => one.startsWith(scratchPrefix))) {
    await rm(join(lab, name), { recursive: true, force: true });
  }
}

/** Ends the lab's dockerd and unmounts what it left below the lab's folders. */
export async function stopDocker(directories: Directories): Promise<void> {
  const pid = await daemonProcess(directories);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    for (let waited = 0; existsSync(`/proc/${pid}`) && waited < 30_000; waited += 100) {
      await delay(100);
    }
    if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
  }
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((mount) =>
      [directories.lab, directories.run].some((home) => mount.startsWith(`${home}/`)),
    );
  for (const mount of mounts.reverse()) await execa("umount", [mount], { reject: false });
  await removeScratch(directories);
}
