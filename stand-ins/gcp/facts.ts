import type { Value } from "../kit/values.ts";

/** How the original names a resource that the program does not name. */
export interface NameRule {
  readonly field: string;
  readonly longest: number;
  readonly lowerCase: boolean;
}

/** What the package does not say about a resource type. */
export interface Facts {
  /** Values of unset fields, by path. They count when the object around them is set. */
  readonly defaults: Readonly<Record<string, Value>>;
  /** Paths whose change replaces the resource. */
  readonly replacing: readonly string[];
  /** A place that the provider must name when the program does not. */
  readonly needs?: "region" | "location";
  /** Nested outputs that are secret. */
  readonly secrets?: readonly string[];
}

const lowerCaseNames: readonly string[] = [
  ...["BackendService", "HttpHealthCheck", "HttpsHealthCheck", "Network", "Router", "RouterNat"],
  ...["SecurityPolicy", "Subnetwork", "TargetHttpProxy", "TargetHttpsProxy", "URLMap"],
].map((name) => `gcp:compute/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`);

const longNames: Readonly<Record<string, NameRule>> = {
  "gcp:cloudfunctions/function:Function": { field: "name", longest: 63, lowerCase: false },
  "gcp:cloudrun/service:Service": { field: "name", longest: 63, lowerCase: true },
  "gcp:cloudrunv2/service:Service": { field: "name", longest: 50, lowerCase: true },
  "gcp:firestore/database:Database": { field: "name", longest: 63, lowerCase: true },
  "gcp:serviceaccount/account:Account": { field: "accountId", longest: 30, lowerCase: false },
  "gcp:storage/bucket:Bucket": { field: "name", longest: 222, lowerCase: false },
};

/** The rule for a type's generated name, from pulumi-gcp's `provider/resources.go`. */
export function nameRuleOf(type: string): NameRule {
  if (lowerCaseNames.includes(type)) return { field: "name", longest: 63, lowerCase: true };
  return longNames[type] ?? { field: "name", longest: 255, lowerCase: false };
}

const under = (prefix: string, names: readonly string[]) =>
  names.map((name) => `${prefix}.${name}`);

const nodeConfig = [
  "nodeConfig",
  ...under("nodeConfig", [
    ...["guestAccelerators", "localSsdCount", "ephemeralStorageConfig", "metadata"],
    ...["ephemeralStorageLocalSsdConfig", "localNvmeSsdBlockConfig", "secondaryBootDisks"],
    ...["minCpuPlatform", "oauthScopes", "preemptible", "reservationAffinity", "spot"],
    ...["serviceAccount", "shieldedInstanceConfig", "sandboxConfig", "bootDiskKmsKey"],
    ...["shieldedInstanceConfig.enableSecureBoot", "nodeGroup", "advancedMachineFeatures"],
    ...["shieldedInstanceConfig.enableIntegrityMonitoring", "soleTenantConfig", "flexStart"],
    ...["hostMaintenancePolicy", "enableConfidentialStorage", "localSsdEncryptionMode"],
    ...["maxRunDuration"],
  ]),
];

const nodeConfigDefaults = { "nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring": true };

const address = [
  ...["name", "address", "addressType", "description", "ipVersion", "network", "prefixLength"],
  ...["purpose", "project"],
];

/**
 * Defaults and replacements of the types that this project uses, from terraform-provider-google-beta 7.45. The
 * original sets no default that is false, 0 or "".
 */
const table: Readonly<Record<string, Facts>> = {
  "gcp:compute/address:Address": {
    needs: "region",
    defaults: { addressType: "EXTERNAL" },
    replacing: [
      ...[...address, "ipCollection", "ipv6EndpointType", "networkTier", "region", "subnetwork"],
    ],
  },
  "gcp:compute/globalAddress:GlobalAddress": {
    defaults: { addressType: "EXTERNAL" },
    replacing: address,
  },
  "gcp:compute/network:Network": {
    defaults: {
      autoCreateSubnetworks: true,
      networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
    },
    replacing: [
      ...["name", "autoCreateSubnetworks", "description", "internalIpv6Range", "networkProfile"],
      ...["params", "project"],
    ],
  },
  "gcp:compute/subnetwork:Subnetwork": {
    needs: "region",
    defaults: {
      "logConfig.aggregationInterval": "INTERVAL_5_SEC",
      "logConfig.filterExpr": "true",
      "logConfig.flowSampling": 0.5,
      "logConfig.metadata": "INCLUDE_ALL_METADATA",
    },
    replacing: [
      ...["name", "network", "description", "externalIpv6Prefix", "internalIpv6Prefix", "params"],
      ...["region", "reservedInternalRange", "resolveSubnetMask", "project"],
    ],
  },
  "gcp:compute/router:Router": {
    needs: "region",
    defaults: { "bgp.advertiseMode": "DEFAULT", "bgp.keepaliveInterval": 20 },
    replacing: [
      ...["name", "encryptedInterconnectRouter", "nccGateway", "network", "params", "region"],
      ...["project"],
    ],
  },
  "gcp:compute/routerNat:RouterNat": {
    needs: "region",
    defaults: {
      icmpIdleTimeoutSec: 30,
      tcpEstablishedIdleTimeoutSec: 1200,
      tcpTimeWaitTimeoutSec: 120,
      tcpTransitoryIdleTimeoutSec: 30,
      type: "PUBLIC",
      udpIdleTimeoutSec: 30,
    },
    replacing: ["name", "router", "endpointTypes", "initialNatIps", "region", "type", "project"],
  },
  "gcp:compute/firewall:Firewall": {
    defaults: { priority: 1000 },
    replacing: ["name", "direction", "params", "project"],
  },
  "gcp:projects/iAMMember:IAMMember": {
    defaults: {},
    replacing: ["role", "member", "condition", "project", ...conditionFields()],
  },
  "gcp:projects/service:Service": { defaults: {}, replacing: ["service", "project"] },
  "gcp:serviceaccount/account:Account": {
    defaults: {},
    replacing: ["accountId", "project"],
  },
  "gcp:container/cluster:Cluster": {
    needs: "location",
    defaults: {
      ...nodeConfigDefaults,
      deletionProtection: true,
      enableShieldedNodes: true,
      network: "default",
      "clusterAutoscaling.autoscalingProfile": "BALANCED",
      "dnsConfig.clusterDns": "PROVIDER_UNSPECIFIED",
      "ipAllocationPolicy.stackType": "IPV4",
      "resourceUsageExportConfig.enableResourceConsumptionMetering": true,
    },
    replacing: [
      ...["name", "location", "clusterIpv4Cidr", "description", "enableKubernetesAlpha"],
      ...["enableTpu", "tpuConfig.enabled", "tpuConfig.useServiceNetworking", "enableAutopilot"],
      ...["initialNodeCount", "confidentialNodes", "masterAuth.clientCertificateConfig"],
      ...["confidentialNodes.enabled", "confidentialNodes.confidentialInstanceType", "network"],
      ...["masterAuth.clientCertificateConfig.issueClientCertificate", "nodePools", "project"],
      ...["subnetwork", "ipAllocationPolicy", "ipAllocationPolicy.clusterIpv4CidrBlock"],
      ...["ipAllocationPolicy.servicesIpv4CidrBlock", "networkingMode", "defaultMaxPodsPerNode"],
      ...["ipAllocationPolicy.clusterSecondaryRangeName", "datapathProvider"],
      ...["ipAllocationPolicy.servicesSecondaryRangeName", "dataplaneOptimizationMode"],
      ...["ipAllocationPolicy.podCidrOverprovisionConfig"],
      ...["privateClusterConfig.masterIpv4CidrBlock"],
      ...["privateClusterConfig.privateEndpointSubnetwork", "userManagedKeysConfig.clusterCa"],
      ...["userManagedKeysConfig.etcdApiCa", "userManagedKeysConfig.etcdPeerCa"],
      ...["userManagedKeysConfig.aggregationCa", ...nodeConfig],
    ],
    secrets: ["masterAuth.clientKey"],
  },
  "gcp:container/nodePool:NodePool": {
    defaults: {
      ...nodeConfigDefaults,
      "management.autoRepair": true,
      "management.autoUpgrade": true,
      "upgradeSettings.strategy": "SURGE",
    },
    replacing: [
      ...["name", "namePrefix", "project", "cluster", "location", "placementPolicy"],
      ...["placementPolicy.policyName", "queuedProvisioning", "queuedProvisioning.enabled"],
      ...["maxPodsPerNode", "initialNodeCount", "networkConfig.acceleratorNetworkProfile"],
      ...["networkConfig.createPodRange", "networkConfig.podRange", "networkConfig.subnetwork"],
      ...["networkConfig.podIpv4CidrBlock", "networkConfig.additionalNodeNetworkConfigs"],
      ...["networkConfig.additionalPodNetworkConfigs", "networkConfig.podCidrOverprovisionConfig"],
      ...nodeConfig,
    ],
  },
};

function conditionFields(): readonly string[] {
  return under("condition", ["expression", "title", "description"]);
}

/** The facts of a type. Undefined when the table has none, which a changed resource reports. */
export function factsOf(type: string): Facts | undefined {
  return Object.hasOwn(table, type) ? table[type] : undefined;
}

/** The types with facts. */
export const typesWithFacts: readonly string[] = Object.keys(table);
