import type { Fault } from "../../../messages/faults.ts";
import {
  type AddressBlock,
  addressAt,
  contains,
  overlaps,
  parseAddress,
  sizeOf,
} from "../../../net/addresses.ts";
import { hasRoom, networksOf } from "./cluster.ts";
import {
  type Placed,
  type ReadableValues,
  overlapFaults,
  overlapsWith,
  place,
  repeated,
} from "./placed.ts";

/** Faults of pools with one another, with the cluster's networks and routes, and of pool names. */
export function faultsInPools({ cluster, network, apps }: ReadableValues): Fault[] {
  const pools = network?.pools ?? [];
  const blocks = pools.flatMap((pool, index) =>
    (pool?.addresses ?? []).flatMap((block, position) =>
      place(`provenet:network.pools[${index}].addresses[${position}]`, block),
    ),
  );
  const names = pools.map((pool) => pool?.name);
  return [
    ...overlapFaults(blocks),
    ...repeated(names).map(({ entry, index }) => ({
      propertyPath: `provenet:network.pools[${index}].name`,
      reason: `"${entry}" is taken by an earlier pool; write another name`,
    })),
    ...blocks.flatMap((block) => faultsInBlock(block, cluster, network?.routes)),
    ...faultsInPoolName("provenet:network.ingress.pool", network?.ingress?.pool, names),
    ...Object.entries(apps ?? {}).flatMap(([name, app]) =>
      faultsInPoolName(`provenet:apps.${name}.pool`, app?.pool, names),
    ),
  ];
}

/** A key that names a pool must name one that exists. An unreadable name may be the one meant. */
function faultsInPoolName(
  propertyPath: string,
  name: string | undefined,
  names: readonly (string | undefined)[],
): Fault[] {
  if (name === undefined || names.length === 0) return [];
  if (names.includes(name) || names.includes(undefined)) return [];
  const reason = `"${name}" is no pool of provenet:network.pools; write one of ${names.join(", ")}`;
  return [{ propertyPath, reason }];
}

/** A pool block is apart from pods and Services, and inside the node network or behind a route. */
function faultsInBlock(
  placed: Placed,
  cluster: ReadableValues["cluster"],
  routes: NonNullable<ReadableValues["network"]>["routes"] = [],
): Fault[] {
  const { path, block } = placed;
  const { node, pod, service } = networksOf(cluster);
  const faults = overlapsWith(
    placed,
    [pod, service].filter((network) => network !== undefined),
  );
  // A cloud routes its load balancers' addresses itself.
  if (node === undefined || cluster?.kind === "gke") return faults;
  const nodes = cluster?.kind === "minikube" ? cluster.nodes : undefined;
  if (contains(node.block, block)) {
    if (nodes !== undefined && hasRoom(node, nodes)) {
      faults.push(...faultsInNodeNetwork(placed, node.block, nodes));
    }
  } else if (overlaps(node.block, block)) {
    faults.push({
      propertyPath: path,
      reason: `"${block.text}" lies partly inside "${node.block.text}" of ${node.path}; write one wholly inside, for example ${exampleRange(node.block)}, or wholly outside`,
    });
  } else if (!routes.some((route) => mayLeadTo(route?.to, block))) {
    faults.push({
      propertyPath: path,
      reason: `"${block.text}" lies outside "${node.block.text}" and no route leads to it; add to provenet:network.routes, for example { on: host, to: ${block.text.includes("/") ? block.text : "its network"}, via: ${addressAt(node.block, 2)} }`,
    });
  }
  return faults;
}

/** An unreadable destination may be the one meant. */
function mayLeadTo(destination: AddressBlock | undefined, block: AddressBlock): boolean {
  return destination === undefined || contains(destination, block);
}

/** A block inside the node network leaves out the addresses that are in use there. */
function faultsInNodeNetwork({ path, block }: Placed, node: AddressBlock, nodes: number): Fault[] {
  const used: [string, string][] = [
    [addressAt(node, 0), "the network itself"],
    [addressAt(node, 1), "the gateway"],
    ...Array.from({ length: nodes }, (_, position): [string, string] => [
      addressAt(node, position + 2),
      `node ${position + 1}`,
    ]),
    [addressAt(node, sizeOf(node) - 1n), "the broadcast address"],
  ];
  const taken = used.filter(([address]) => contains(block, parseAddress(address)));
  if (taken.length === 0) return [];
  const names = taken.map(([address, what]) => `${address} (${what})`).join(", ");
  const reason = `"${block.text}" holds ${names}; write a range above the nodes, for example ${exampleRange(node)}`;
  return [{ propertyPath: path, reason }];
}

/** The upper quarter of a network, without its last address. */
function exampleRange(network: AddressBlock): string {
  const size = sizeOf(network);
  return `${addressAt(network, (size * 3n) / 4n)}-${addressAt(network, size - 2n)}`;
}
