import { existsSync } from "node:fs";
import { mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { execa } from "execa";

import type { Directories } from "../directories.ts";
import { namespacePath, namespacesOf } from "./owner.ts";

/**
 * The home network of the lab: a client, and a router ("hypervisor") with the cluster behind it.
 * A default route would lead nowhere, so there is none.
 */
export const addresses = {
  /** The client's address on the network that it shares with the router. */
  client: "192.168.75.123",
  /** The router's address on that network. */
  router: "192.168.75.11",
  /** Docker's network of the nodes. */
  nodeNetwork: "192.168.49.0/24",
  /** The first node, through which the router reaches addresses of no network of its own. */
  firstNode: "192.168.49.2",
} as const;

const run = (command: string, ...args: string[]) => execa(command, args);

async function inNamespace(namespace: string, ...command: string[]): Promise<void> {
  await execa("nsenter", [`--net=${namespacePath(namespace)}`, "--", ...command]);
}

/**
 * Where iproute2 keeps named namespaces. It mounts this directory on itself at its first use and
 * never takes that back; a mark beside the labs says that it came with one of ours.
 */
const home = "/run/netns";
const homeMark = ({ run: own }: Directories) => join(dirname(own), "made-netns");

/** Makes the lab's two namespaces and the cable between them; what is there already stays. */
export async function makeNamespaces(directories: Directories): Promise<void> {
  const { client, lab } = namespacesOf(directories);
  if (!existsSync(home)) {
    await mkdir(dirname(directories.run), { recursive: true });
    await writeFile(homeMark(directories), "");
  }
  for (const namespace of [client, lab]) {
    if (!existsSync(namespacePath(namespace))) await run("ip", "netns", "add", namespace);
    await run("ip", "-n", namespace, "link", "set", "lo", "up");
  }
  const { exitCode } = await execa("ip", ["-n", client, "link", "show", "uplink"], {
    reject: false,
  });
  if (exitCode !== 0) {
    // Both ends are born inside: the machine's own namespace never sees them.
    await run(
      "ip",
      "-n",
      lab,
      "link",
      "add",
      "client",
      "type",
      "veth",
      "peer",
      "name",
      "uplink",
      "netns",
      client,
    );
    await run("ip", "-n", client, "address", "add", `${addresses.client}/24`, "dev", "uplink");
    await run("ip", "-n", lab, "address", "add", `${addresses.router}/24`, "dev", "client");
    await run("ip", "-n", client, "link", "set", "uplink", "up");
    await run("ip", "-n", lab, "link", "set", "client", "up");
  }
  // Before dockerd starts: when it has to switch forwarding on itself, it sets FORWARD to DROP.
  await inNamespace(lab, "sysctl", "-qw", "net.ipv4.ip_forward=1");
}

/** Removes the namespaces, and with them their interfaces, routes and firewall rules. */
export async function removeNamespaces(directories: Directories): Promise<void> {
  for (const namespace of Object.values(namespacesOf(directories))) {
    if (existsSync(namespacePath(namespace))) await run("ip", "netns", "delete", namespace);
  }
  const mark = homeMark(directories);
  if (!existsSync(mark) || !existsSync(home) || (await readdir(home)).length > 0) return;
  await execa("umount", [home], { reject: false });
  await rmdir(home).catch(() => undefined);
  await rm(mark);
}
