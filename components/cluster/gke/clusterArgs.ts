/** The arguments of the cluster and of its nodes, from the settings. */
import type { ClusterArgs } from "@pulumi/gcp/container/cluster.js";
import type { NodePoolArgs } from "@pulumi/gcp/container/nodePool.js";
import type * as pulumi from "@pulumi/pulumi";

import { formatBlock } from "../../../net/addresses.ts";
import type { GkeSettings } from "../../config/schema/cluster.ts";
import { rangeNames } from "./gkeNetwork.ts";

/** What other resources of the cluster give. */
export interface Surroundings {
  readonly network: pulumi.Input<string>;
  readonly subnetwork: pulumi.Input<string>;
  /** The nodes' service account. */
  readonly account: pulumi.Input<string>;
  /** Network tag of the nodes. */
  readonly nodeTag: string;
}

/** GKE gives each node a /24 of pod addresses for this number. */
const podsPerNode = 110;

/** What every node has, also the one of the pool that GKE makes and the provider removes. */
const safeNode = ({ account, nodeTag }: Surroundings) => ({
  serviceAccount: account,
  // The account's role decides. Scopes are the older way to restrict a node.
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  metadata: { "disable-legacy-endpoints": "true" },
  tags: [nodeTag],
});

/** The control plane, without nodes. */
export function clusterArgs(settings: GkeSettings, around: Surroundings): ClusterArgs {
  const { name, project, location, zones, authorisedNetworks, kubernetesVersion } = settings;
  return {
    name,
    location,
    // A zonal cluster's own zone is left out of its list.
    nodeLocations: zones.filter((zone) => zone !== location),
    network: around.network,
    subnetwork: around.subnetwork,
    networkingMode: "VPC_NATIVE",
    ipAllocationPolicy: {
      clusterSecondaryRangeName: rangeNames.pods,
      servicesSecondaryRangeName: rangeNames.services,
    },
    defaultMaxPodsPerNode: podsPerNode,
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: authorisedNetworks.length === 0,
      masterIpv4CidrBlock: formatBlock(settings.controlPlaneNetwork),
    },
    // Present without a network too, because its absence lets everybody in.
    masterAuthorizedNetworksConfig: {
      cidrBlocks: authorisedNetworks.map((block) => ({ cidrBlock: formatBlock(block) })),
      gcpPublicCidrsAccessEnabled: false,
    },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: settings.dnsEndpoint },
    },
    // Only the legacy datapath has Calico and its Log action. The add-on needs both arguments.
    datapathProvider: "LEGACY_DATAPATH",
    networkPolicy: { enabled: true, provider: "CALICO" },
    addonsConfig: { networkPolicyConfig: { disabled: false } },
    enableShieldedNodes: true,
    enableLegacyAbac: false,
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    releaseChannel: { channel: settings.channel },
    ...(kubernetesVersion !== undefined && { minMasterVersion: kubernetesVersion }),
    maintenancePolicy: { dailyMaintenanceWindow: { startTime: settings.maintenanceStart } },
    initialNodeCount: 1,
    removeDefaultNodePool: true,
    nodeConfig: safeNode(around),
    deletionProtection: settings.deletionProtection,
  };
}

/** The nodes. */
export function nodePoolArgs(
  settings: GkeSettings,
  around: Surroundings,
): Omit<NodePoolArgs, "cluster"> {
  const { location, zones, nodesPerZone, machineType } = settings;
  return {
    location,
    nodeLocations: zones,
    nodeCount: nodesPerZone,
    maxPodsPerNode: podsPerNode,
    networkConfig: { enablePrivateNodes: true },
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { maxSurge: 1, maxUnavailable: 0 },
    nodeConfig: {
      ...safeNode(around),
      machineType,
      // Its journal has the lines of Calico's Log action. Container-Optimized OS does not have them.
      imageType: "UBUNTU_CONTAINERD",
      diskType: "pd-balanced",
      diskSizeGb: 50,
    },
  };
}
