/**
 * Settings of clusters in Google Kubernetes Engine (GKE). The same setting has several places: a
 * cluster, a pool inside a cluster, a separate pool, and the pools that GKE adds. Rules read it here.
 */
import type { PolicyResource } from "@pulumi/policy";

import { inputsOf } from "../sdk/inputs.ts";
import { Property } from "../sdk/property.ts";

type Subject = Pick<PolicyResource, "type" | "props">;

/** Type of a cluster. Rules about whole stacks run only where one exists. */
export const gkeClusterType = "gcp:container/cluster:Cluster";

/** Whether the resource is a cluster. */
export const isGkeCluster = ({ type }: Pick<Subject, "type">): boolean => type === gkeClusterType;

/** Whether the resource is a pool outside a cluster's properties. */
export const isGkeNodePool = ({ type }: Pick<Subject, "type">): boolean =>
  type === "gcp:container/nodePool:NodePool";

/** The settings of a cluster. */
export interface GkeCluster {
  readonly name: Property;
  /** Region or zone. */
  readonly location: Property;
  readonly zones: Property;
  /** Google runs the nodes of an Autopilot cluster and sets most of what the rules demand. */
  readonly autopilot: Property;
  readonly datapath: Property;
  readonly networkPolicy: Property;
  /** The add-on that enforces policies. It is off unless this is `false`. */
  readonly networkPolicyAddOnDisabled: Property;
  readonly ipEndpoint: Property;
  readonly privateEndpoint: Property;
  readonly authorizedNetworks: Property;
  readonly dnsEndpoint: Property;
  /** What pools inherit that do not set it themselves. */
  readonly privateNodes: Property;
  readonly shieldedNodes: Property;
  readonly channel: Property;
  readonly workloadPool: Property;
  readonly legacyAbac: Property;
  readonly masterAuth: Property;
  readonly deletionProtection: Property;
  readonly removesDefaultPool: Property;
  readonly inlinePools: Property;
  readonly networkingMode: Property;
  readonly subnetwork: Property;
  /** Network of the pods in a cluster without alias addresses. */
  readonly routedPodNetwork: Property;
  readonly allocation: Property;
  readonly controlPlaneNetwork: Property;
  readonly maxPodsPerNode: Property;
}

/** The settings of a cluster, or undefined for another resource. */
export function gkeClusterIn({ type, props }: Subject): GkeCluster | undefined {
  if (!isGkeCluster({ type })) return undefined;
  const cluster = Property.of(inputsOf(props));
  const endpoints = cluster.at("controlPlaneEndpointsConfig");
  const privacy = cluster.at("privateClusterConfig");
  return {
    name: cluster.at("name"),
    location: cluster.at("location"),
    zones: cluster.at("nodeLocations"),
    autopilot: cluster.at("enableAutopilot"),
    datapath: cluster.at("datapathProvider"),
    networkPolicy: cluster.at("networkPolicy", "enabled"),
    networkPolicyAddOnDisabled: cluster.at("addonsConfig", "networkPolicyConfig", "disabled"),
    ipEndpoint: endpoints.at("ipEndpointsConfig", "enabled"),
    privateEndpoint: privacy.at("enablePrivateEndpoint"),
    authorizedNetworks: cluster.at("masterAuthorizedNetworksConfig"),
    dnsEndpoint: endpoints.at("dnsEndpointConfig"),
    privateNodes: privacy.at("enablePrivateNodes"),
    shieldedNodes: cluster.at("enableShieldedNodes"),
    channel: cluster.at("releaseChannel", "channel"),
    workloadPool: cluster.at("workloadIdentityConfig", "workloadPool"),
    legacyAbac: cluster.at("enableLegacyAbac"),
    masterAuth: cluster.at("masterAuth"),
    deletionProtection: cluster.at("deletionProtection"),
    removesDefaultPool: cluster.at("removeDefaultNodePool"),
    inlinePools: cluster.at("nodePools"),
    networkingMode: cluster.at("networkingMode"),
    subnetwork: cluster.at("subnetwork"),
    routedPodNetwork: cluster.at("clusterIpv4Cidr"),
    allocation: cluster.at("ipAllocationPolicy"),
    controlPlaneNetwork: privacy.at("masterIpv4CidrBlock"),
    maxPodsPerNode: cluster.at("defaultMaxPodsPerNode"),
  };
}

/** Whether Google runs the nodes, as far as that is known. */
export const maybeAutopilot = ({ autopilot }: GkeCluster): boolean =>
  autopilot.isTrue || autopilot.isUnknown;

/** Nodes with the same settings. */
export interface NodeSet {
  /** `default` is the pool that a cluster starts with. `added` are the pools that GKE adds. */
  readonly kind: "pool" | "inline" | "default" | "added";
  readonly account: Property;
  readonly secureBoot: Property;
  readonly integrityMonitoring: Property;
  readonly autoRepair: Property;
  readonly autoUpgrade: Property;
  /** How pods reach the node's metadata. Missing where a set cannot decide it. */
  readonly metadataMode: Property;
  /** Missing where the set inherits it from its cluster. */
  readonly privateNodes: Property;
  /** The properties of the pool, or of the cluster for its default pool. */
  readonly pool: Property;
}

/** The sets of nodes that a cluster or a pool has. A set that may not exist is left out. */
export function nodeSetsIn({ type, props }: Subject): NodeSet[] {
  const resource = Property.of(inputsOf(props));
  if (isGkeNodePool({ type })) return [nodeSet("pool", resource)];
  const cluster = gkeClusterIn({ type, props });
  if (cluster === undefined || maybeAutopilot(cluster)) return [];

  const { inlinePools, removesDefaultPool } = cluster;
  const inline = inlinePools.items().map((pool) => nodeSet("inline", pool));
  const mayLackDefault =
    inline.length > 0 ||
    [inlinePools, removesDefaultPool].some(({ isUnknown }) => isUnknown) ||
    removesDefaultPool.isTrue;
  const scaling = resource.at("clusterAutoscaling");
  const added = (defaults: Property) => nodeSet("added", defaults, defaults);
  return [
    ...inline,
    ...(mayLackDefault ? [] : [nodeSet("default", resource)]),
    ...(scaling.at("enabled").isTrue ? [added(scaling.at("autoProvisioningDefaults"))] : []),
  ];
}

/** The account of the nodes of an Autopilot cluster, or undefined for another resource. */
export function autopilotAccountIn({ type, props }: Subject): Property | undefined {
  if (gkeClusterIn({ type, props })?.autopilot.isTrue !== true) return undefined;
  const key = ["clusterAutoscaling", "autoProvisioningDefaults", "serviceAccount"];
  return Property.of(inputsOf(props)).at(...key);
}

function nodeSet(
  kind: NodeSet["kind"],
  pool: Property,
  config: Property = pool.at("nodeConfig"),
): NodeSet {
  const shield = config.at("shieldedInstanceConfig");
  const management = pool.at("management");
  return {
    kind,
    pool,
    account: config.at("serviceAccount"),
    secureBoot: shield.at("enableSecureBoot"),
    integrityMonitoring: shield.at("enableIntegrityMonitoring"),
    autoRepair: management.at("autoRepair"),
    autoUpgrade: management.at("autoUpgrade"),
    metadataMode: config.at("workloadMetadataConfig", "mode"),
    privateNodes: pool.at("networkConfig", "enablePrivateNodes"),
  };
}
