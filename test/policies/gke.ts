/** Subjects for the rules about GKE. The compiler checks them against the provider's types. */
import type { ClusterArgs } from "@pulumi/gcp/container/cluster.js";
import type { NodePoolArgs } from "@pulumi/gcp/container/nodePool.js";
import type { SubnetworkArgs } from "@pulumi/gcp/compute/subnetwork.js";

import { changed, type Subject } from "./support.ts";

/** The properties as a subject has them. */
const propsOf = (args: object): Subject["props"] => ({ ...args });

const clusterArgs: ClusterArgs = {
  name: "provenet",
  location: "europe-west1",
  nodeLocations: ["europe-west1-b", "europe-west1-c"],
  subnetwork: "nodes",
  datapathProvider: "LEGACY_DATAPATH",
  networkPolicy: { enabled: true, provider: "CALICO" },
  addonsConfig: { networkPolicyConfig: { disabled: false } },
  ipAllocationPolicy: {
    clusterSecondaryRangeName: "pods",
    servicesSecondaryRangeName: "services",
  },
  privateClusterConfig: {
    enablePrivateNodes: true,
    enablePrivateEndpoint: false,
    masterIpv4CidrBlock: "172.16.0.0/28",
  },
  masterAuthorizedNetworksConfig: {
    cidrBlocks: [{ cidrBlock: "198.51.100.7/32" }, { cidrBlock: "10.0.0.0/8" }],
    gcpPublicCidrsAccessEnabled: false,
  },
  controlPlaneEndpointsConfig: {
    ipEndpointsConfig: { enabled: true },
    dnsEndpointConfig: {
      allowExternalTraffic: true,
      enableK8sTokensViaDns: false,
      enableK8sCertsViaDns: false,
    },
  },
  masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
  enableLegacyAbac: false,
  enableShieldedNodes: true,
  releaseChannel: { channel: "REGULAR" },
  workloadIdentityConfig: { workloadPool: "my-project.svc.id.goog" },
  deletionProtection: true,
  removeDefaultNodePool: true,
  initialNodeCount: 1,
};

const poolArgs: NodePoolArgs = {
  name: "nodes",
  cluster: "provenet",
  nodeCount: 1,
  management: { autoRepair: true, autoUpgrade: true },
  networkConfig: { enablePrivateNodes: true },
  nodeConfig: {
    imageType: "UBUNTU_CONTAINERD",
    serviceAccount: "nodes@my-project.iam.gserviceaccount.com",
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    workloadMetadataConfig: { mode: "GKE_METADATA" },
  },
};

const subnetworkArgs: SubnetworkArgs = {
  name: "nodes",
  network: "provenet",
  region: "europe-west1",
  ipCidrRange: "10.128.0.0/20",
  secondaryIpRanges: [
    { rangeName: "pods", ipCidrRange: "10.8.0.0/14" },
    { rangeName: "services", ipCidrRange: "10.12.0.0/20" },
  ],
};

/** A cluster that every rule accepts. */
export const gkeCluster: Subject = {
  type: "gcp:container/cluster:Cluster",
  name: "cluster",
  props: propsOf(clusterArgs),
};

/** Its pool of nodes. */
export const gkePool: Subject = {
  type: "gcp:container/nodePool:NodePool",
  name: "pool",
  props: propsOf(poolArgs),
};

/** Its subnetwork. */
export const gkeSubnetwork: Subject = {
  type: "gcp:compute/subnetwork:Subnetwork",
  name: "subnetwork",
  props: propsOf(subnetworkArgs),
};

/** A cluster whose nodes Google runs. */
export const autopilot: Subject = {
  type: gkeCluster.type,
  name: "cluster",
  props: propsOf({
    enableAutopilot: true,
    clusterAutoscaling: {
      autoProvisioningDefaults: { serviceAccount: "nodes@my-project.iam.gserviceaccount.com" },
    },
  } satisfies ClusterArgs),
};

/** The cluster with its default pool, which has the settings of the separate pool. */
export const withDefaultPool: Subject = {
  ...gkeCluster,
  props: propsOf({
    ...clusterArgs,
    removeDefaultNodePool: false,
    nodeConfig: gkePool.props.nodeConfig,
  }),
};

/** The cluster with one pool among its properties. */
export const withInlinePool: Subject = changed(gkeCluster, ["nodePools"], [gkePool.props]);

/** The cluster to which GKE adds pools. */
export const withAddedPools: Subject = changed(gkeCluster, ["clusterAutoscaling"], {
  enabled: true,
  autoProvisioningDefaults: {
    ...(gkePool.props.nodeConfig as object),
    management: { autoRepair: true, autoUpgrade: true },
  },
} satisfies ClusterArgs["clusterAutoscaling"]);

/** Where each of these subjects keeps the settings of its nodes, with the keys to them. */
export const nodePlaces: readonly (readonly [
  place: string,
  subject: Subject,
  pool: readonly (string | number)[],
  config: readonly (string | number)[],
])[] = [
  ["a pool", gkePool, [], ["nodeConfig"]],
  ["the default pool", withDefaultPool, [], ["nodeConfig"]],
  ["a pool of the cluster", withInlinePool, ["nodePools", 0], ["nodePools", 0, "nodeConfig"]],
  [
    "the pools that GKE adds",
    withAddedPools,
    ["clusterAutoscaling", "autoProvisioningDefaults"],
    ["clusterAutoscaling", "autoProvisioningDefaults"],
  ],
];

/** Such as `nodePools[0].nodeConfig`. */
export const pathOf = (keys: readonly (string | number)[]): string =>
  keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
