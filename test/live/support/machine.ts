import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

import { execa } from "execa";

/** What a run of ours could leave behind on this machine, as it stands now. */
export interface MachineState {
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly routes: string;
  readonly sysctls: Readonly<Record<string, string>>;
}

/** Command lines of all processes, by id; those of the kernel are empty. */
export async function commandLines(): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const text = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    found.set(Number(entry), text.replaceAll("\0", " ").trim());
  }
  return found;
}

const read = async (file: string) => (await readFile(file, "utf8").catch(() => "absent")).trim();

/** Looks at the machine; nothing is changed. */
export async function lookAtMachine(): Promise<MachineState> {
  const interfaces = await execa("ip", ["-o", "link"]);
  const routes = await execa("ip", ["route", "show", "table", "all"]);
  const mounts = (await read("/proc/self/mounts")).split("\n");
  return {
    namespaces: existsSync("/run/netns") ? (await readdir("/run/netns")).sort() : [],
    mounts: mounts.map((line) => line.split(" ")[1] ?? "").sort(),
    interfaces: interfaces.stdout.split("\n").map((line) => line.split(": ")[1] ?? ""),
    routes: routes.stdout,
    sysctls: {
      ip_forward: await read("/proc/sys/net/ipv4/ip_forward"),
      nf_log_all_netns: await read("/proc/sys/net/netfilter/nf_log_all_netns"),
      rp_filter: await read("/proc/sys/net/ipv4/conf/all/rp_filter"),
    },
  };
}

/**
 * Processes that were not there `before` and are a lab's: they name it, or they are in one of its
 * containers. Another lab may run beside it all the while.
 */
export async function leftBehind(
  lab: string,
  containers: readonly string[],
  before: ReadonlyMap<number, string>,
): Promise<string[]> {
  const found: string[] = [];
  const names = new RegExp(`/${lab}/|${lab}-(?:lab|client)`);
  for (const [id, line] of await commandLines()) {
    if (before.has(id) || id === process.pid) continue;
    const groups = await readFile(`/proc/${id}/cgroup`, "utf8").catch(() => "");
    const contained = containers.some((container) => groups.includes(container));
    if (contained || names.test(line)) found.push(line);
  }
  return found;
}
