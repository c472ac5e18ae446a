/** The machines of a cluster's nodes, as the driver knows them. */
import { execa } from "execa";

import { filesOf, readMarker } from "./files.ts";
import { recordedMachines } from "./home.ts";
import { readHost } from "./minikube.ts";
import { type ClusterName, runsContainers } from "./request.ts";

/** State of a machine. */
export type MachineState = "running" | "stopped";

/** The machines of one cluster. */
export type Machines =
  | {
      readonly known: true;
      /** By name. A machine that is not in it is provably gone. */
      readonly states: ReadonlyMap<string, MachineState>;
    }
  | { readonly known: false; readonly why: string };

/** Name of the machine of a node, which minikube calls `m02` and so on. The first has no name. */
export function machineName(profile: string, node: string): string {
  return node === "" ? profile : `${profile}-${node}`;
}

/** Whether a machine of that name belongs to a node of the profile. */
function belongsTo(profile: string, machine: string): boolean {
  return (
    machine === profile ||
    (machine.startsWith(profile) && /^-m\d{2,}$/.test(machine.slice(profile.length)))
  );
}

/** Asks the driver for a cluster's machines. Never takes silence for an absence. */
export async function readMachines(cluster: ClusterName): Promise<Machines> {
  return runsContainers(cluster.driver) ? readContainers(cluster) : readVirtualMachines(cluster);
}

const listing = [
  ...["container", "ls", "--all", "--filter", "label=created_by.minikube.sigs.k8s.io=true"],
  ...["--format", "{{.Names}} {{.State}}"],
];

/** minikube runs podman as root, unless it is configured otherwise. So both of podman's lists count. */
function clientsOf(driver: string): string[][] {
  if (driver === "docker") return [["docker"]];
  return process.getuid?.() === 0 ? [["podman"]] : [["sudo", "-n", "podman"], ["podman"]];
}

async function readContainers({ profile, driver }: ClusterName): Promise<Machines> {
  const states = new Map<string, MachineState>();
  for (const [client = "", ...words] of clientsOf(driver)) {
    const asked = await execa(client, [...words, ...listing], {
      stdin: "ignore",
      reject: false,
      timeout: 30_000,
    });
    if (asked.failed) {
      if (asked.code === "ENOENT") return { known: false, why: `${client} is not on PATH` };
      const said = asked.stderr.trim().split("\n").at(-1) ?? "";
      return { known: false, why: said === "" ? (asked.shortMessage ?? client) : said };
    }
    for (const line of asked.stdout.split("\n")) {
      const [name = "", state = ""] = line.trim().split(" ");
      if (belongsTo(profile, name)) states.set(name, state === "running" ? "running" : "stopped");
    }
  }
  if (driver === "docker" && states.size === 0) {
    const { daemon } = readMarker(filesOf({ profile })) ?? {};
    if (daemon !== undefined && daemon !== (await daemonIdentity())) {
      return { known: false, why: "another Docker daemon answers, not the one that has its nodes" };
    }
  }
  return { known: true, states };
}

/** Identity of the Docker daemon that answers. Undefined when none does. */
export async function daemonIdentity(): Promise<string | undefined> {
  const { failed, stdout } = await execa("docker", ["info", "--format", "{{.ID}}"], {
    stdin: "ignore",
    reject: false,
    timeout: 30_000,
  });
  return failed || stdout.trim() === "" ? undefined : stdout.trim();
}

/** A virtual machine's disk is in its record, so that a machine without a record has no data. */
async function readVirtualMachines(cluster: ClusterName): Promise<Machines> {
  const recorded = recordedMachines().filter((name) => belongsTo(cluster.profile, name));
  const states = new Map<string, MachineState>();
  for (const name of recorded) {
    const host = await readHost(cluster, name);
    if (host === undefined) return { known: false, why: `minikube status is silent about ${name}` };
    states.set(name, host === "Running" ? "running" : "stopped");
  }
  return { known: true, states };
}
