import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

import { execa } from "execa";

/** Everything on this machine that a run could change and leave behind. */
export interface MachineState {
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly routes: string;
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
    sysctls: {
      ip_forward: await read("/proc/sys/net/ipv4/ip_forward"),
      nf_log_all_netns: await read("/proc/sys/net/netfilter/nf_log_all_netns"),
      rp_filter: await read("/proc/sys/net/ipv4/conf/all/rp_filter"),
    },
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
