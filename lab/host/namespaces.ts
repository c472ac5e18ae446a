import { existsSync } from "node:fs";
import { mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { execa } from "execa";

import type { Directories } from "./directories.ts";
import { namespacePath, namespacesOf } from "./owner.ts";

/** Addresses on the network between the client and the router. */
const addresses = { client: "192.168.75.123", router: "192.168.75.11" } as const;

/**
 * iproute2's directory for named namespaces. iproute2 creates it at its first use, mounts it on itself
 * and never removes it. A mark records that a lab caused this, so that the last lab cleans it up.
 */
const home = "/run/netns";
const homeMark = ({ run }: Directories) => join(dirname(run), "made-netns");

const ip = (...args: string[]) => execa("ip", args);

/**
 * Creates the lab's home network: a client, and a router with the cluster behind it. The client's
 * default route leads through the router, so that it reaches any node network. The router has no
 * default route. Existing pieces are kept.
 */
export async function makeNamespaces(directories: Directories): Promise<void> {
  const { client, router } = namespacesOf(directories);
  if (!existsSync(home)) {
    await mkdir(dirname(directories.run), { recursive: true });
    await writeFile(homeMark(directories), "");
  }
  for (const namespace of [client, router]) {
    if (!existsSync(namespacePath(namespace))) await ip("netns", "add", namespace);
    await ip("-n", namespace, "link", "set", "lo", "up");
  }
  const cable = await execa("ip", ["-n", client, "link", "show", "uplink"], { reject: false });
  if (cable.exitCode !== 0) await makeCable(client, router);
  await ip("-n", client, "address", "replace", `${addresses.client}/24`, "dev", "uplink");
  await ip("-n", router, "address", "replace", `${addresses.router}/24`, "dev", "client");
  await ip("-n", client, "link", "set", "uplink", "up");
  await ip("-n", router, "link", "set", "client", "up");
  await ip("-n", client, "route", "replace", "default", "via", addresses.router);
  // dockerd sets the FORWARD policy to DROP when it has to enable forwarding, so this comes first.
  await execa("nsenter", [
    ...[`--net=${namespacePath(router)}`, "--"],
    ...["sysctl", "-qw", "net.ipv4.ip_forward=1"],
  ]);
}

/** Creates both ends inside the namespaces, so that the machine's own namespace never has them. */
async function makeCable(client: string, router: string): Promise<void> {
  await ip(
    ...["-n", router, "link", "add", "client", "type", "veth"],
    ...["peer", "name", "uplink", "netns", client],
  );
}

/** Removes the namespaces, and with them their interfaces, routes and firewall rules. */
export async function removeNamespaces(directories: Directories): Promise<void> {
  for (const namespace of Object.values(namespacesOf(directories))) {
    if (existsSync(namespacePath(namespace))) await ip("netns", "delete", namespace);
  }
  const mark = homeMark(directories);
  if (!existsSync(mark) || !existsSync(home) || (await readdir(home)).length > 0) return;
  await execa("umount", [home], { reject: false });
  await rmdir(home).catch(() => undefined);
  await rm(mark);
}
