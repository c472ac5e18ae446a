/** The machines of a cluster's nodes, as the driver knows them. */
import { execa } from "execa";

import { filesOf, readMarker } from "./files.ts";
import { isRootless, recordedMachines } from "./home.ts";
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
      /** Ids of containers, by name. */
      readonly ids: ReadonlyMap<string, string>;
    }
  | {
      readonly known: false;
      readonly why: string;
      readonly fix?: string;
      /** Another daemon answers, and it has no such machine. */
      readonly isReset?: boolean;
    };

/** Whether a machine of that name belongs to a node of the profile. */
function belongsTo(profile: string, machine: string): boolean {
  return (
    machine === profile ||
    (machine.startsWith(profile) && /^-m\d{2,}$/.test(machine.slice(profile.length)))
  );
}

/**
 * Asks the driver for a cluster's machines. Never takes silence for an absence.
 *
 * @param others names of the machines of other profiles, which may look like workers of this one
 */
export async function readMachines(
  cluster: ClusterName,
  others: readonly string[],
): Promise<Machines> {
  const isOurs = (name: string) => belongsTo(cluster.profile, name) && !others.includes(name);
  return runsContainers(cluster.driver)
    ? readContainers(cluster, isOurs)
    : readVirtualMachines(cluster, isOurs);
}

const listing = [
  ...[
    "container",
    "ls",
    "--all",
    "--no-trunc",
    "--filter",
    "label=created_by.minikube.sigs.k8s.io=true",
  ],
  ...["--format", "{{.Names}} {{.State}} {{.ID}}"],
];

/** The client that minikube uses. It runs podman with sudo on Linux, unless it is rootless. */
function clientOf(driver: string): [string, ...string[]] {
  if (driver === "docker") return ["docker"];
  const isDirect = process.platform !== "linux" || process.getuid?.() === 0 || isRootless();
  return isDirect ? ["podman"] : ["sudo", "-n", "podman"];
}

async function readContainers(
  { profile, driver }: ClusterName,
  isOurs: (name: string) => boolean,
): Promise<Machines> {
  const [client, ...words] = clientOf(driver);
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
  const states = new Map<string, MachineState>();
  const ids = new Map<string, string>();
  for (const line of asked.stdout.split("\n")) {
    const [name = "", state = "", id = ""] = line.trim().split(" ");
    if (!isOurs(name)) continue;
    states.set(name, state === "running" ? "running" : "stopped");
    ids.set(name, id);
  }
  const { daemon } = readMarker(filesOf({ profile })) ?? {};
  if (driver !== "docker" || daemon === undefined || daemon === (await daemonIdentity())) {
    return { known: true, states, ids };
  }
  const isReset = states.size === 0;
  const forget = isReset
    ? `If Docker was reset, run \`minikube delete --profile ${profile}\`, then run this again`
    : "Or change provenet:cluster.profile";
  return {
    known: false,
    why: "another Docker daemon answers, not the one that has its nodes",
    fix: `select the Docker that has the nodes, with \`docker context use\` or DOCKER_HOST. ${forget}`,
    isReset,
  };
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
async function readVirtualMachines(
  cluster: ClusterName,
  isOurs: (name: string) => boolean,
): Promise<Machines> {
  const recorded = recordedMachines().filter(isOurs);
  const states = new Map<string, MachineState>();
  for (const name of recorded) {
    const host = await readHost(cluster, name);
    if (host === undefined) return { known: false, why: `minikube status is silent about ${name}` };
    states.set(name, host === "Running" ? "running" : "stopped");
  }
  return { known: true, states, ids: new Map() };
}
