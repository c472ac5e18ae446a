/** What a preview makes in Google Cloud, for a reviewer: where, how large, who reaches what. */
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { z } from "zod";

const cluster = z.object({
  name: z.string(),
  location: z.string(),
  deletionProtection: z.boolean().default(true),
  releaseChannel: z.object({ channel: z.string() }),
  networkPolicy: z.object({ enabled: z.boolean(), provider: z.string() }),
  privateClusterConfig: z.object({ masterIpv4CidrBlock: z.string() }),
  masterAuthorizedNetworksConfig: z.object({
    cidrBlocks: z.array(z.object({ cidrBlock: z.string() })),
  }),
  controlPlaneEndpointsConfig: z.object({
    dnsEndpointConfig: z.object({ allowExternalTraffic: z.boolean() }),
  }),
});

const pool = z.object({
  nodeCount: z.number(),
  nodeLocations: z.array(z.string()),
  nodeConfig: z.object({
    machineType: z.string(),
    imageType: z.string(),
    diskSizeGb: z.number(),
    diskType: z.string(),
  }),
});

const subnetwork = z.object({
  ipCidrRange: z.string(),
  secondaryIpRanges: z.array(z.object({ rangeName: z.string(), ipCidrRange: z.string() })),
});

const address = z.object({ name: z.string() });
const firewall = z.object({
  sourceRanges: z.array(z.string()),
  allows: z.array(z.object({ protocol: z.string(), ports: z.array(z.string()) })),
});
const loadBalancer = z.object({ spec: z.object({ type: z.literal("LoadBalancer") }) });

/** Lines about the cluster that is there after a plan that changes something of the cloud. */
export function cloudLines(events: readonly EngineEvent[]): string[] {
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  if (!steps.some(({ type, op }) => type.startsWith("gcp:") && op !== "same")) return [];
  // A replacement has several steps with one URN.
  const states = new Map(steps.flatMap((step) => (step.new ? [[step.urn, step] as const] : [])));
  const planned = <Schema extends z.ZodType>(wanted: string, schema: Schema): z.output<Schema>[] =>
    [...states.values()].flatMap(({ type, new: state }) => {
      const parsed = type === wanted ? schema.safeParse(state?.inputs) : undefined;
      return parsed?.success === true ? [parsed.data] : [];
    });
  const [made] = planned("gcp:container/cluster:Cluster", cluster);
  if (made === undefined) return [];
  const pools = planned("gcp:container/nodePool:NodePool", pool);
  const networks = planned("gcp:compute/subnetwork:Subnetwork", subnetwork);
  const addresses = planned("gcp:compute/address:Address", address)
    .map(({ name }) => name)
    .sort();
  const rules = planned("gcp:compute/firewall:Firewall", firewall);
  const gateways = planned("gcp:compute/routerNat:RouterNat", z.unknown());
  const balancers = planned("kubernetes:core/v1:Service", loadBalancer);

  const nodesOf = ({ nodeCount, nodeLocations }: z.output<typeof pool>) =>
    nodeCount * nodeLocations.length;
  const total = pools.reduce((sum, each) => sum + nodesOf(each), 0);
  const { name, location, networkPolicy, releaseChannel, deletionProtection } = made;
  return [
    row(
      "cluster",
      `${name} in ${location}, channel ${releaseChannel.channel}, ${networkPolicy.enabled ? networkPolicy.provider : "no"} network policy, ${deletionProtection ? "cannot be deleted" : "may be deleted"}`,
    ),
    ...pools.map(({ nodeCount, nodeLocations, nodeConfig }) =>
      row(
        "nodes",
        `${nodeCount} × ${nodeConfig.machineType} (${nodeConfig.imageType}) in each of ${nodeLocations.join(", ")}`,
      ),
    ),
    ...networks.map(({ ipCidrRange, secondaryIpRanges }) =>
      row(
        "networks",
        [
          `nodes ${ipCidrRange}`,
          ...secondaryIpRanges.map((range) => `${range.rangeName} ${range.ipCidrRange}`),
          `control plane ${made.privateClusterConfig.masterIpv4CidrBlock}`,
        ].join(", "),
      ),
    ),
    row("API server", `reached ${waysIn(made).join(", ")}`),
    row("internet", "no node has a public address, nodes reach it through Cloud NAT"),
    ...rules.flatMap(({ sourceRanges, allows }) =>
      allows.map(({ protocol, ports }) =>
        row(
          "webhooks",
          `${sourceRanges.join(", ")} reaches the nodes' ${protocol} ${ports.join(", ")}`,
        ),
      ),
    ),
    row("Services", `everybody reaches ${addresses.join(", ")}`),
    row(
      "billed",
      [
        `1 ${/-[a-z]$/.test(location) ? "zonal" : "regional"} control plane`,
        `${total} nodes`,
        ...pools.map(
          ({ nodeConfig: { diskSizeGb, diskType } }) =>
            `${total} disks of ${diskSizeGb} GB (${diskType})`,
        ),
        `${gateways.length} NAT gateway`,
        `${addresses.length} addresses`,
        `${balancers.length} load balancers`,
      ].join(", "),
    ),
  ];
}

const row = (title: string, text: string): string => `${title.padEnd(10)}  ${text}`;

/** How people reach the API server. */
function waysIn({
  masterAuthorizedNetworksConfig: { cidrBlocks },
  controlPlaneEndpointsConfig: { dnsEndpointConfig },
}: z.output<typeof cluster>): string[] {
  return [
    ...(dnsEndpointConfig.allowExternalTraffic ? ["by its DNS name, after Google's sign-in"] : []),
    cidrBlocks.length === 0
      ? "at a private address"
      : `from ${cidrBlocks.map(({ cidrBlock }) => cidrBlock).join(", ")}`,
  ];
}
