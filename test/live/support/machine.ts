import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

/** Everything on this machine that a run could change and leave behind. */
export interface MachineState {
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly routes: string;
  /** All of them, by path below `/proc/sys`, except those that count something. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** Command lines of all processes, by id. Those of kernel threads are empty. */
export async function commandLines(): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const text = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    found.set(Number(entry), text.replaceAll("\0", " ").trim());
  }
  return found;
}

/** Sysctls that differ at every look, also without a lab. */
const counters = new Set([
  // Objects that the kernel has in use.
  ...["fs/dentry-state", "fs/file-nr", "fs/inode-nr", "fs/inode-state", "kernel/pty/nr"],
  ...["fs/aio-nr", "net/netfilter/nf_conntrack_count"],
  // The last process that was started, and disk quotas that were written.
  ...["kernel/ns_last_pid", "fs/quota/syncs"],
  // A new random number for each reader, and the kernel's stock of randomness.
  ...["kernel/random/uuid", "kernel/random/entropy_avail"],
]);

async function readSysctls(): Promise<Record<string, string>> {
  const home = "/proc/sys/";
  const entries = await readdir(home, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !counters.has(file.slice(home.length)))
    .sort();
  const values = await Promise.all(files.map(read));
  return Object.fromEntries(
    files.map((file, index) => [file.slice(home.length), values[index] ?? ""]),
  );
}

const read = async (file: string) => (await readFile(file, "utf8").catch(() => "absent")).trim();

/** Reads the machine's state. Changes nothing. */
export async function lookAtMachine(): Promise<MachineState> {
  const interfaces = await execa("ip", ["-o", "link"]);
  const routes = await execa("ip", ["route", "show", "table", "all"]);
  const mounts = (await read("/proc/self/mounts")).split("\n");
  return {
    namespaces: existsSync("/run/netns") ? (await readdir("/run/netns")).sort() : [],
    mounts: mounts.map((line) => line.split(" ")[1] ?? "").sort(),
    interfaces: interfaces.stdout.split("\n").map((line) => line.split(": ")[1] ?? ""),
    routes: routes.stdout,
    sysctls: await readSysctls(),
  };
}

/**
 * Processes of a lab that did not run `before`. Their command line names the lab, or they run in one
 * of its containers. Other labs may run at the same time.
 */
export async function leftBehind(
  lab: string,
  containers: readonly string[],
  before: ReadonlyMap<number, string>,
): Promise<string[]> {
  const found: string[] = [];
  const names = new RegExp(`/${lab}/|${lab}-(?:router|client)`);
  for (const [id, line] of await commandLines()) {
    if (before.has(id) || id === process.pid) continue;
    const groups = await readFile(`/proc/${id}/cgroup`, "utf8").catch(() => "");
    const contained = containers.some((container) => groups.includes(container));
    if (contained || names.test(line)) found.push(line);
  }
  return found;
}
