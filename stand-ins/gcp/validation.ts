import { faultOf, parseNetwork } from "../../net/addresses.ts";
import type { Rules } from "./rules.ts";

const lowerCase = "lower-case letters, digits and hyphens, from a letter to a letter or digit";
const computeName = [/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/, `use 1 to 63 ${lowerCase}`] as const;
const block = [isBlock, "write a network such as 10.128.0.0/20"] as const;
const named: Rules = { formats: { name: computeName } };

const nodeConfigWords = {
  "nodeConfig.taints.effect": ["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"],
  "nodeConfig.workloadMetadataConfig.mode": ["MODE_UNSPECIFIED", "GCE_METADATA", "GKE_METADATA"],
  "nodeConfig.kubeletConfig.cpuManagerPolicy": ["static", "none", ""],
  "nodeConfig.linuxNodeConfig.cgroupMode": [
    ...["CGROUP_MODE_UNSPECIFIED", "CGROUP_MODE_V1", "CGROUP_MODE_V2"],
  ],
  "nodeConfig.confidentialNodes.confidentialInstanceType": ["SEV", "SEV_SNP", "TDX"],
  "nodeConfig.localSsdEncryptionMode": ["STANDARD_ENCRYPTION", "EPHEMERAL_KEY_ENCRYPTION"],
};

const windows = ["dailyMaintenanceWindow", "recurringWindow", "recurringMaintenanceWindow"];

/** Rules of the types that this project uses, from terraform-provider-google-beta 7.45. */
const table: Readonly<Record<string, Rules>> = {
  "gcp:compute/address:Address": named,
  "gcp:compute/globalAddress:GlobalAddress": named,
  "gcp:compute/network:Network": named,
  "gcp:compute/router:Router": { ...named, conflicts: [["nccGateway", "network"]] },
  "gcp:compute/subnetwork:Subnetwork": {
    formats: {
      name: computeName,
      ipCidrRange: block,
      "secondaryIpRanges.rangeName": computeName,
      "secondaryIpRanges.ipCidrRange": block,
    },
  },
  "gcp:compute/routerNat:RouterNat": {
    formats: { name: [/^[a-z][-a-z0-9]{0,61}[a-z0-9]$/, `use 2 to 63 ${lowerCase}`] },
    conflicts: [
      ["initialNatIps", "drainNatIps"],
      ["initialNatIps", "natIps"],
    ],
  },
  "gcp:compute/firewall:Firewall": {
    ...named,
    exactlyOne: { "": ["allows", "denies"] },
    conflicts: [
      ["sourceServiceAccounts", "sourceTags"],
      ["sourceServiceAccounts", "targetTags"],
      ["sourceTags", "targetServiceAccounts"],
      ["targetServiceAccounts", "targetTags"],
    ],
  },
  "gcp:serviceaccount/account:Account": {
    formats: { accountId: [/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, `use 6 to 30 ${lowerCase}`] },
  },
  "gcp:container/nodePool:NodePool": {
    words: {
      ...nodeConfigWords,
      "autoscaling.locationPolicy": ["BALANCED", "ANY"],
      "upgradeSettings.strategy": ["SURGE", "BLUE_GREEN"],
    },
    conflicts: [["name", "namePrefix"]],
  },
  "gcp:container/cluster:Cluster": {
    formats: {
      name: [/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, `use 1 to 40 ${lowerCase}`],
      "privateClusterConfig.masterIpv4CidrBlock": [
        (text) => text === "" || (text.endsWith("/28") && isBlock(text)),
        "write a /28 such as 172.16.0.0/28",
      ],
    },
    exactlyOne: { maintenancePolicy: windows },
    conflicts: [
      ["clusterIpv4Cidr", "ipAllocationPolicy"],
      ...["clusterIpv4CidrBlock", "servicesIpv4CidrBlock"].flatMap((range) =>
        ["clusterSecondaryRangeName", "servicesSecondaryRangeName"].map(
          (name) => [`ipAllocationPolicy.${range}`, `ipAllocationPolicy.${name}`] as const,
        ),
      ),
      ["binaryAuthorization.enabled", "binaryAuthorization.evaluationMode"],
      ...[
        ...["addonsConfig.networkPolicyConfig", "addonsConfig.dnsCacheConfig", "networkPolicy"],
        ...["nodePools", "removeDefaultNodePool", "defaultMaxPodsPerNode", "enableShieldedNodes"],
        ...["enableIntranodeVisibility", "clusterAutoscaling.enabled"],
      ].map((path) => [path, "enableAutopilot"] as const),
    ],
    words: {
      ...nodeConfigWords,
      "clusterAutoscaling.autoscalingProfile": ["BALANCED", "OPTIMIZE_UTILIZATION"],
      "databaseEncryption.state": [...["ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED", "DECRYPTED"]],
      datapathProvider: ["DATAPATH_PROVIDER_UNSPECIFIED", "LEGACY_DATAPATH", "ADVANCED_DATAPATH"],
      "dnsConfig.clusterDns": [
        ...["PROVIDER_UNSPECIFIED", "PLATFORM_DEFAULT", "CLOUD_DNS", "KUBE_DNS"],
      ],
      "dnsConfig.clusterDnsScope": ["DNS_SCOPE_UNSPECIFIED", "CLUSTER_SCOPE", "VPC_SCOPE"],
      "gatewayApiConfig.channel": [
        ...["CHANNEL_DISABLED", "CHANNEL_EXPERIMENTAL", "CHANNEL_STANDARD"],
      ],
      "ipAllocationPolicy.stackType": ["IPV4", "IPV4_IPV6"],
      loggingService: [...["logging.googleapis.com", "logging.googleapis.com/kubernetes", "none"]],
      "maintenancePolicy.maintenanceExclusions.exclusionOptions.scope": [
        ...["NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES"],
      ],
      monitoringService: [
        ...["monitoring.googleapis.com", "monitoring.googleapis.com/kubernetes", "none"],
      ],
      networkingMode: ["VPC_NATIVE", "ROUTES"],
      "networkPolicy.provider": ["PROVIDER_UNSPECIFIED", "CALICO"],
      "releaseChannel.channel": ["UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED"],
      "securityPostureConfig.mode": ["DISABLED", "BASIC", "ENTERPRISE", "MODE_UNSPECIFIED"],
      "securityPostureConfig.vulnerabilityMode": [
        ...["VULNERABILITY_DISABLED", "VULNERABILITY_BASIC", "VULNERABILITY_ENTERPRISE"],
        ...["VULNERABILITY_MODE_UNSPECIFIED"],
      ],
    },
  },
};

/** Whether a text is a network. The original accepts bits after the prefix, and Google refuses them. */
function isBlock(text: string): boolean {
  return faultOf(parseNetwork, text) === undefined;
}

/** The rules of a type. Empty when the table has none. */
export function rulesOf(type: string): Rules {
  return Object.hasOwn(table, type) ? (table[type] ?? {}) : {};
}

/** The types with rules. */
export const typesWithRules: readonly string[] = Object.keys(table);
