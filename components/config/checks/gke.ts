import type { Fault } from "../../../messages/faults.ts";
import { overlaps, parseNetwork, sizeOf } from "../../../net/addresses.ts";
import type { Readable } from "../readable.ts";
import type { GkeSettings } from "../schema/cluster.ts";
import { type Placed, overlapFaults, place, repeated } from "./placed.ts";

type Readables = Readable<GkeSettings>;

/** Machine types that share a processor. Calico does not fit next to GKE's own pods there. */
const sharedProcessor = new Set(["e2-micro", "e2-small", "e2-medium", "f1-micro", "g1-small"]);

/** Machine types whose only disks are Hyperdisks. */
const withoutPersistentDisks = /^(?:n4|n4a|n4d|c4|c4a|c4d|h4d|m4|x4|a4|a4x)-/;

/** What no network in Google Cloud may use. */
const reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseNetwork);

const key = (name: string) => `provenet:cluster.${name}`;

/** Faults between the keys of a cluster in Google Cloud. The three usual networks come placed. */
export function faultsInGke(cluster: Readables, networks: readonly Placed[]): Fault[] {
  const controlPlane = place(key("controlPlaneNetwork"), cluster.controlPlaneNetwork);
  return [
    ...faultsInZones(cluster),
    ...faultsInAccess(cluster),
    ...faultsInMachineType(cluster.machineType),
    ...[...networks, ...controlPlane].flatMap(faultsInFamily),
    ...[...networks, ...controlPlane].flatMap(faultsInReserved),
    ...overlapFaults([...networks, ...controlPlane]),
    ...faultsInSizes(cluster),
  ];
}

function faultsInZones({ location, zones = [] }: Readables): Fault[] {
  const region = location?.replace(/-[a-z]$/, "");
  const elsewhere = zones.flatMap((zone, index) =>
    zone === undefined || region === undefined || zone.startsWith(`${region}-`)
      ? []
      : [
          {
            propertyPath: key(`zones[${index}]`),
            reason: `"${zone}" is no zone of ${region}, the region of ${key("location")}; write one such as ${region}-b`,
          },
        ],
  );
  const twice = repeated(zones).map(({ entry, index }) => ({
    propertyPath: key(`zones[${index}]`),
    reason: `"${entry}" is there twice; write another zone`,
  }));
  return [...elsewhere, ...twice];
}

/** Somebody must reach the API server, and not everybody. */
function faultsInAccess({ dnsEndpoint, authorisedNetworks }: Readables): Fault[] {
  const placed = (authorisedNetworks ?? []).flatMap((network, index) =>
    place(key(`authorisedNetworks[${index}]`), network),
  );
  const faults = placed.flatMap(faultsInFamily);
  for (const { path, block } of placed) {
    // No network of one owner is wider than a /8.
    if (block.family !== 4 || sizeOf(block) <= 1n << 24n) continue;
    faults.push({
      propertyPath: path,
      reason: `"${block.text}" opens the API server to strangers; write your own networks, for example 198.51.100.7/32, or set dnsEndpoint: true`,
    });
  }
  if (dnsEndpoint === false && authorisedNetworks?.length === 0) {
    faults.push({
      propertyPath: key("authorisedNetworks"),
      reason:
        "nobody reaches the API server; write the networks that you work from, for example [198.51.100.7/32], or set dnsEndpoint: true",
    });
  }
  return faults;
}

function faultsInMachineType(machineType: string | undefined): Fault[] {
  if (machineType === undefined) return [];
  if (withoutPersistentDisks.test(machineType)) {
    const reason = `"${machineType}" has no disks of the type pd-balanced; write another one, for example e2-standard-4`;
    return [{ propertyPath: key("machineType"), reason }];
  }
  if (!sharedProcessor.has(machineType)) return [];
  const reason = `"${machineType}" shares a processor, which is too little for Calico; write a larger one, for example e2-standard-4`;
  return [{ propertyPath: key("machineType"), reason }];
}

function faultsInFamily({ path, block }: Placed): Fault[] {
  if (block.family === 4) return [];
  return [{ propertyPath: path, reason: `"${block.text}" is IPv6; write an IPv4 network` }];
}

function faultsInReserved({ path, block }: Placed): Fault[] {
  return reserved
    .filter((network) => overlaps(network, block))
    .map((network) => ({
      propertyPath: path,
      reason: `"${block.text}" overlaps ${network.text}, which no network in Google Cloud may use; write a private one, for example 10.10.0.0/20`,
    }));
}

/** Networks that do not hold what GKE takes of them. */
function faultsInSizes(cluster: Readables): Fault[] {
  const faults: Fault[] = [];
  const unfit = (name: keyof Readables & `${string}Network`, why: string, example: string) => {
    const block = cluster[name];
    if (block === undefined) return;
    faults.push({
      propertyPath: key(name),
      reason: `"${block.text}" ${why}, for example ${example}`,
    });
  };
  const { controlPlaneNetwork, nodeNetwork, podNetwork, serviceNetwork } = cluster;
  if (controlPlaneNetwork !== undefined && sizeOf(controlPlaneNetwork) !== 16n) {
    unfit("controlPlaneNetwork", "is no /28; write one", "172.16.0.0/28");
  }
  if (serviceNetwork !== undefined && sizeOf(serviceNetwork) < 32n) {
    unfit("serviceNetwork", "is smaller than GKE accepts; write a /27 or wider", "10.16.0.0/20");
  }
  const { nodesPerZone, zones } = cluster;
  if (nodesPerZone === undefined || zones === undefined) return faults;
  const nodes = nodesPerZone * zones.length;
  // An upgrade adds one node for a while.
  const most = BigInt(nodes) + 1n;
  // Google Cloud keeps four addresses of each subnetwork.
  if (nodeNetwork !== undefined && sizeOf(nodeNetwork) < most + 4n) {
    const why = `has no room for ${nodes} nodes, one more during an upgrade and Google's four addresses; write a wider one`;
    unfit("nodeNetwork", why, "10.10.0.0/20");
  }
  if (podNetwork !== undefined && sizeOf(podNetwork) < 256n * most) {
    const why = `has no /24 for each of ${nodes} nodes and one more during an upgrade; write a wider one`;
    unfit("podNetwork", why, "10.12.0.0/14");
  }
  return faults;
}
