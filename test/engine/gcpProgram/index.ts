import { Cluster } from "@pulumi/gcp/container/cluster.js";
import { NodePool } from "@pulumi/gcp/container/nodePool.js";
import { Address } from "@pulumi/gcp/compute/address.js";
import { Firewall } from "@pulumi/gcp/compute/firewall.js";
import { Network } from "@pulumi/gcp/compute/network.js";
import { Router } from "@pulumi/gcp/compute/router.js";
import { RouterNat } from "@pulumi/gcp/compute/routerNat.js";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
/** Nested fields that a test adds to the cluster, whatever their types. */
const more = config.getObject<Record<string, object>>("cluster") ?? {};

const project = new pulumi.Config("gcp").get("project") ?? "none";
const network = new Network("net", { autoCreateSubnetworks: false });
const subnetwork = new Subnetwork("nodes", {
  network: network.id,
  ipCidrRange: "10.128.0.0/20",
  privateIpGoogleAccess: true,
  secondaryIpRanges: [
    { rangeName: "pods", ipCidrRange: "10.8.0.0/14" },
    { rangeName: "services", ipCidrRange: "10.12.0.0/20" },
  ],
});
const router = new Router("router", { network: network.id });
new RouterNat("nat", {
  router: router.name,
  natIpAllocateOption: "AUTO_ONLY",
  sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
});
new Firewall("webhooks", {
  network: network.name,
  allows: [{ protocol: "tcp", ports: ["9443"] }],
  sourceRanges: ["172.16.0.0/28"],
});
const address = new Address("address", { networkTier: "PREMIUM" });

const account = new Account("nodes", { accountId: "provenet-nodes" });
new IAMMember("logs", { project, role: "roles/logging.logWriter", member: account.member });

const cluster = new Cluster("cluster", {
  location: "europe-west1",
  initialNodeCount: 1,
  removeDefaultNodePool: true,
  network: network.id,
  subnetwork: subnetwork.id,
  ipAllocationPolicy: {
    clusterSecondaryRangeName: "pods",
    servicesSecondaryRangeName: "services",
  },
  privateClusterConfig: { enablePrivateNodes: true },
  releaseChannel: { channel: "REGULAR" },
  resourceLabels: { team: config.getSecret("team") ?? "lab" },
  ...more,
});
const pool = new NodePool("pool", {
  cluster: cluster.id,
  nodeCount: 1,
  nodeConfig: { machineType: "e2-standard-4", serviceAccount: account.email },
});

export const email = account.email;
export const networkName = network.name;
export const reserved = address.address;
export const poolName = pool.name;
export const endpoint = cluster.endpoint;
