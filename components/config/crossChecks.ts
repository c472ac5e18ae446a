/** What networks, pools and routes must be to one another. Pure. */
import {
  type AddressBlock,
  addressAt,
  contains,
  faultOf,
  overlaps,
  parseAddress,
  parseBlock,
  parseNetwork,
  sizeOf,
} from "../../net/addresses.ts";
import type { Fault } from "../../messages/faults.ts";
import { VantageError, parseVantage } from "../../net/vantage.ts";
import type { Parsed } from "./schema.ts";

/** A block together with the place in the configuration that names it. */
interface Placed {
  readonly path: string;
  readonly block: AddressBlock;
}

/** Parses, or notes the fault at its path. */
function place(
  faults: Fault[],
  path: string,
  parse: (text: string) => AddressBlock,
  text: string,
): Placed[] {
  const reason = faultOf(parse, text);
  if (reason === undefined) return [{ path, block: parse(text) }];
  faults.push({ propertyPath: path, reason });
  return [];
}

/** The networks of the cluster: each readable, none overlapping another, each of a usable size. */
function faultsInClusterNetworks(cluster: Parsed["cluster"]): {
  faults: Fault[];
  networks: { node: Placed | undefined; pod: Placed | undefined; service: Placed | undefined };
} {
  const faults: Fault[] = [];
  const read = (key: "nodeNetwork" | "podNetwork" | "serviceNetwork") =>
    place(faults, `provenet:cluster.${key}`, parseNetwork, cluster[key])[0];
  const [node, pod, service] = [read("nodeNetwork"), read("podNetwork"), read("serviceNetwork")];
  faults.push(...overlapFaults([node, pod, service].filter((network) => network !== undefined)));
  if (cluster.kind === "minikube") {
    // The gateway and the nodes, besides the first and the last address.
    const needed = BigInt(cluster.nodes) + 3n;
    if (node !== undefined && sizeOf(node.block) < needed) {
      faults.push({
        propertyPath: node.path,
        reason: `"${node.block.text}" has no room for ${cluster.nodes} nodes and a gateway; write a wider one, for example 192.168.49.0/24`,
      });
    }
    // Kubernetes gives every node a /24 of the pod network.
    if (pod !== undefined && sizeOf(pod.block) < 256n * BigInt(cluster.nodes)) {
      faults.push({
        propertyPath: pod.path,
        reason: `"${pod.block.text}" has no /24 for each of ${cluster.nodes} nodes; write a wider one, for example 10.244.0.0/16`,
      });
    }
    // The API server takes 20 bits of host part at most.
    if (service !== undefined && sizeOf(service.block) > 1n << 20n) {
      faults.push({
        propertyPath: service.path,
        reason: `"${service.block.text}" is wider than the API server takes; write a /12 or narrower, for example 10.96.0.0/12`,
      });
    }
    for (const [key, values] of Object.entries(cluster.labels)) {
      if (values.length === cluster.nodes) continue;
      faults.push({
        propertyPath: `provenet:cluster.labels["${key}"]`,
        reason: `got ${values.length} values for ${cluster.nodes} nodes; write one for each node`,
      });
    }
  }
  return { faults, networks: { node, pod, service } };
}

/** One fault for each pair that overlaps, at the later of the two. */
function overlapFaults(placed: readonly Placed[]): Fault[] {
  return placed.flatMap((later, index) =>
    placed
      .slice(0, index)
      .filter((earlier) => overlaps(earlier.block, later.block))
      .map((earlier) => ({
        propertyPath: later.path,
        reason: `"${later.block.text}" overlaps "${earlier.block.text}" of ${earlier.path}; write one apart from it`,
      })),
  );
}

/** What is wrong with a block inside the node network: it must spare what is in use there. */
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
  return [
    {
      propertyPath: path,
      reason: `"${block.text}" holds ${names}; write a range above the nodes, for example ${exampleRange(node)}`,
    },
  ];
}

/** The upper part of a network, without its last addresses. */
function exampleRange(network: AddressBlock): string {
  const size = sizeOf(network);
  return `${addressAt(network, (size * 3n) / 4n)}-${addressAt(network, size - 2n)}`;
}

/** Faults of networks, pools, routes and of what names them; runs on whatever keys were readable. */
export function faultsInNetworks(settings: Partial<Parsed>): Fault[] {
  const { cluster, pools = [], routes = [], router = "" } = settings;
  const faults: Fault[] = [];
  const found = cluster && faultsInClusterNetworks(cluster);
  faults.push(...(found?.faults ?? []));

  const blocks = pools.flatMap((pool, index) =>
    pool.addresses.flatMap((text, position) =>
      place(faults, `provenet:pools[${index}].addresses[${position}]`, parseBlock, text),
    ),
  );
  faults.push(...overlapFaults(blocks));
  faults.push(
    ...repeated(pools.map(({ name }) => name)).map(({ name, index }) => ({
      propertyPath: `provenet:pools[${index}].name`,
      reason: `"${name}" is taken by an earlier pool; write another name`,
    })),
  );

  const ways = routes.flatMap((route, index) => {
    const path = `provenet:routes[${index}]`;
    faults.push(...faultsInVantage(`${path}.on`, route.on));
    const [to] = place(faults, `${path}.to`, parseNetwork, route.to);
    const [via] = place(faults, `${path}.via`, parseAddress, route.via);
    if (to && via && contains(to.block, via.block)) {
      faults.push({
        propertyPath: `${path}.via`,
        reason: `"${route.via}" lies in "${route.to}", which it should lead to; write the neighbour that is one hop nearer`,
      });
    }
    if (to && via && to.block.family !== via.block.family) {
      faults.push({
        propertyPath: `${path}.via`,
        reason: `"${route.via}" and "${route.to}" mix IPv4 and IPv6; write both in one family`,
      });
    }
    return to ? [to] : [];
  });
  faults.push(
    ...repeated(routes.map(({ on, to }) => `${to} on ${on}`)).map(({ name, index }) => ({
      propertyPath: `provenet:routes[${index}]`,
      reason: `a route to ${name} is there already; write one next hop for it`,
    })),
  );
  if (router !== "") faults.push(...faultsInVantage("provenet:router", router));

  if (cluster && found) {
    const nodes = cluster.kind === "minikube" ? cluster.nodes : 0;
    // A cloud leads to its addresses by itself, wherever they are.
    const { node, ...rest } = found.networks;
    const networks = { ...rest, node: cluster.kind === "gke" ? undefined : node };
    for (const block of blocks) faults.push(...faultsInPoolBlock(block, networks, nodes, ways));
  }

  for (const [path, name] of [
    ["provenet:ingress.pool", settings.ingress?.pool],
    ["provenet:web.pool", settings.web?.pool],
  ] as const) {
    if (name === undefined || settings.pools === undefined) continue;
    if (pools.some((pool) => pool.name === name)) continue;
    faults.push({
      propertyPath: path,
      reason: `"${name}" is no pool of provenet:pools; write one of ${pools.map((pool) => pool.name).join(", ")}`,
    });
  }
  return faults;
}

/** A pool block must be apart from pods and services, and inside the node network or routed. */
function faultsInPoolBlock(
  placed: Placed,
  { node, pod, service }: ReturnType<typeof faultsInClusterNetworks>["networks"],
  nodes: number,
  ways: readonly Placed[],
): Fault[] {
  const { path, block } = placed;
  const faults = [pod, service]
    .filter((network) => network !== undefined && overlaps(network.block, block))
    .map((network) => ({
      propertyPath: path,
      reason: `"${block.text}" overlaps "${network?.block.text ?? ""}" of ${network?.path ?? ""}; write one apart from it`,
    }));
  if (!node) return faults;
  if (contains(node.block, block)) {
    return nodes > 0 && sizeOf(node.block) >= BigInt(nodes) + 3n
      ? [...faults, ...faultsInNodeNetwork(placed, node.block, nodes)]
      : faults;
  }
  if (overlaps(node.block, block)) {
    faults.push({
      propertyPath: path,
      reason: `"${block.text}" lies partly inside "${node.block.text}" of ${node.path}; write one wholly inside, for example ${exampleRange(node.block)}, or wholly outside`,
    });
  } else if (!ways.some((way) => contains(way.block, block))) {
    faults.push({
      propertyPath: path,
      reason: `"${block.text}" lies outside "${node.block.text}" and no route leads to it; add to provenet:routes, for example { on: host, to: ${block.text.includes("/") ? block.text : "its network"}, via: ${addressAt(node.block, 2)} }`,
    });
  }
  return faults;
}

function faultsInVantage(propertyPath: string, text: string): Fault[] {
  try {
    parseVantage(text);
    return [];
  } catch (error) {
    if (error instanceof VantageError) return [{ propertyPath, reason: error.message }];
    throw error;
  }
}

/** Each name that was there before, with its position. */
function repeated(names: readonly string[]): { name: string; index: number }[] {
  return names
    .map((name, index) => ({ name, index }))
    .filter(({ name, index }) => names.indexOf(name) < index);
}
