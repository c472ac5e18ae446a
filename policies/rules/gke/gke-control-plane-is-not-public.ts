import type { ResourceValidationPolicy } from "@pulumi/policy";
import { excludeCidr } from "cidr-tools";

import { faultOf, parseNetwork, sizeOf } from "../../../net/addresses.ts";
import { gkeClusterIn, type GkeCluster } from "../../facts/gke.ts";
import type { Property } from "../../sdk/property.ts";

interface Configuration {
  readonly publicPrefix4: number;
  readonly publicPrefix6: number;
}

const defaults: Configuration = { publicPrefix4: 16, publicPrefix6: 32 };

const prefixSetting = (family: 4 | 6) => ({
  type: "integer" as const,
  minimum: 0,
  maximum: family === 4 ? 32 : 128,
  description: `Authorised networks together admit at most as many public IPv${family} addresses as a network with this prefix length.`,
  default: defaults[`publicPrefix${family}`],
});

/**
 * Everybody who reaches the API server can try stolen credentials and its next vulnerability. A control
 * plane without authorised networks answers the whole internet, and so does one that authorises
 * 0.0.0.0/1 and 128.0.0.0/1. The rule therefore counts the public addresses of all networks
 * together. The DNS endpoint needs no network, because Google checks each request with IAM. That
 * check is gone when the endpoint accepts Kubernetes' own tokens or certificates.
 */
export const gkeControlPlaneIsNotPublic: ResourceValidationPolicy = {
  name: "gke-control-plane-is-not-public",
  displayName: "Only named networks reach the control plane",
  description:
    "The IP endpoint of a GKE control plane is off, private, or open to few public addresses. Its DNS endpoint accepts only credentials that IAM checks.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["gke", "cluster", "access"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks",
  remediationSteps:
    "Set masterAuthorizedNetworksConfig.cidrBlocks to the networks that you work from. Or set controlPlaneEndpointsConfig.ipEndpointsConfig.enabled to false and use the DNS endpoint with IAM. Or set privateClusterConfig.enablePrivateEndpoint to true.",
  configSchema: {
    properties: { publicPrefix4: prefixSetting(4), publicPrefix6: prefixSetting(6) },
  },
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    if (cluster === undefined) return;
    const configuration = { ...defaults, ...args.getConfig<Partial<Configuration>>() };
    const faults = faultsOfIpEndpoint(cluster, configuration);
    for (const fault of [...faults, ...faultsOfDnsEndpoint(cluster.dnsEndpoint)]) report(fault);
  },
};

function faultsOfIpEndpoint(cluster: GkeCluster, configuration: Configuration): string[] {
  const { ipEndpoint, privateEndpoint, authorizedNetworks } = cluster;
  if (ipEndpoint.isFalse || privateEndpoint.isTrue) return [];
  const blocks = authorizedNetworks.at("cidrBlocks");
  const fix = "set the networks that you work from, such as 198.51.100.7/32";
  const faults: string[] = [];
  const google = authorizedNetworks.at("gcpPublicCidrsAccessEnabled");
  // Either may still turn out to close the endpoint.
  if (ipEndpoint.isUnknown || privateEndpoint.isUnknown) return [];
  if (authorizedNetworks.isMissing) {
    faults.push(
      `${authorizedNetworks.statement}, so the whole internet reaches the control plane. Fix: ${fix}`,
    );
  }
  if (google.isTrue) {
    faults.push(`${google.statement}, which admits every customer's machines. Fix: set false`);
  }
  const networks = blocks.items().map((block) => block.at("cidrBlock"));
  for (const family of [4, 6] as const) {
    const prefix = configuration[`publicPrefix${family}`];
    const count = publicAddresses(networks, family);
    const limit = 1n << BigInt((family === 4 ? 32 : 128) - prefix);
    if (count <= limit) continue;
    const what = `${blocks.path} admits ${count} public IPv${family} addresses`;
    faults.push(`${what}, more than a /${prefix}. Fix: ${fix}`);
  }
  return faults;
}

const privateNetworks = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
  ...["fc00::/7", "fe80::/10"],
];

/** Number of public addresses in the known networks together. */
function publicAddresses(networks: readonly Property[], family: 4 | 6): bigint {
  const known = networks.flatMap(({ text }) =>
    text === undefined || faultOf(parseNetwork, text) !== undefined ? [] : [text],
  );
  const own = known.filter((text) => parseNetwork(text).family === family);
  return excludeCidr(own, privateNetworks)
    .map((text) => sizeOf(parseNetwork(text)))
    .reduce((sum, size) => sum + size, 0n);
}

function faultsOfDnsEndpoint(endpoint: Property): string[] {
  if (!endpoint.at("allowExternalTraffic").isTrue) return [];
  return ["enableK8sTokensViaDns", "enableK8sCertsViaDns"]
    .map((key) => endpoint.at(key))
    .filter(({ isTrue }) => isTrue)
    .map(
      ({ statement }) =>
        `${statement} on an endpoint that the internet reaches, so IAM no longer protects it. Fix: set false`,
    );
}
