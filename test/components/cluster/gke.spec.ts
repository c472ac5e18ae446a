import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";

import { GkeCluster, type GkeClusterArgs } from "../../../components/cluster/gke/gkeCluster.ts";
import { parseNetwork } from "../../../net/addresses.ts";
import { filesOf } from "../../../programs/minikube/files.ts";
import { factsOf } from "../../support/clusters.ts";
import { gcpOutputs, gkeFileStdout } from "../../support/gcp.ts";
import { nodesStdout } from "../../support/nodes.ts";
import { named, record } from "../../support/recording.ts";
import { at } from "../network/given.ts";

const args: GkeClusterArgs = {
  project: "my-project",
  location: "europe-west1",
  zones: ["europe-west1-b", "europe-west1-c"],
  name: "provenet",
  nodesPerZone: 1,
  machineType: "e2-standard-4",
  channel: "REGULAR",
  maintenanceStart: "03:00",
  dnsEndpoint: false,
  authorisedNetworks: [parseNetwork("198.51.100.0/24")],
  controlPlaneNetwork: parseNetwork("172.16.0.0/28"),
  nodeNetwork: parseNetwork("10.10.0.0/20"),
  podNetwork: parseNetwork("10.12.0.0/14"),
  serviceNetwork: parseNetwork("10.16.0.0/20"),
  deletionProtection: true,
  reservations: ["provenet-ingress"],
};

const run = (changes: Partial<GkeClusterArgs> = {}, names: readonly string[] = ["cluster"]) =>
  record(
    () => {
      const [cluster] = names.map((name) => new GkeCluster(name, { ...args, ...changes }));
      if (!cluster) throw new Error("no name");
      new k8s.core.v1.Namespace("inside", {}, cluster.options);
      const { kubeconfigPath, context, uid, nodes, kernel } = cluster;
      const isSecret = pulumi.isSecret(kubeconfigPath);
      return { kubeconfigPath, context, uid, nodes, kernel, isSecret, facts: factsOf(cluster) };
    },
    {
      outputs: ({ type, name, inputs }) => {
        if (name.endsWith("-identity")) return { stdout: '{"schemaVersion":1,"uid":"uid-1"}' };
        if (name.endsWith("-node-list")) return { stdout: nodesStdout };
        return gcpOutputs(type, inputs);
      },
      invoke: (_, { environment }) => ({ stdout: gkeFileStdout(environment) }),
    },
  );

/** Inputs of the control plane. */
const controlPlane = async (changes: Partial<GkeClusterArgs> = {}) =>
  named((await run(changes)).resources, "cluster-control-plane");

describe("a cluster in Google Cloud", () => {
  it("has a plain path of a kubeconfig, its UID and facts", async () => {
    const { result } = await run();
    expect(result).to.deep.include({
      kubeconfigPath: ".provenet/provenet/kubeconfig-gke_my-project_europe-west1_provenet",
      context: "gke_my-project_europe-west1_provenet",
      uid: "uid-1",
      isSecret: false,
      facts: {
        networks: ["10.12.0.0/14", "10.10.0.0/20", "10.16.0.0/20"],
        driver: undefined,
        loadBalancers: "cloud",
        calico: "addon",
        kubeProxyMode: "iptables",
      },
    });
    expect(result.nodes).to.have.length(1);
    expect(result.kernel).to.include({ ipvs: "unknown", logLines: "unknown" });
  });

  it("does not share its kubeconfig's file with a minikube cluster of the same name", async () => {
    expect((await run()).result.kubeconfigPath).not.to.equal(
      filesOf({ profile: "provenet" }).kubeconfig,
    );
  });

  it("is VPC-native, with named ranges of a separate subnetwork", async () => {
    const { resources } = await run();
    const { inputs } = named(resources, "cluster-control-plane");
    expect(inputs).to.deep.include({
      networkingMode: "VPC_NATIVE",
      network: "cluster-network-vpc-id",
      subnetwork: "cluster-network-subnetwork-id",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: "pods",
        servicesSecondaryRangeName: "services",
      },
      defaultMaxPodsPerNode: 110,
    });
    expect(named(resources, "cluster-network-subnetwork").inputs).to.deep.include({
      ipCidrRange: "10.10.0.0/20",
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.12.0.0/14" },
        { rangeName: "services", ipCidrRange: "10.16.0.0/20" },
      ],
      privateIpGoogleAccess: true,
    });
    expect(named(resources, "cluster-network-vpc").inputs).to.include({
      autoCreateSubnetworks: false,
    });
  });

  it("lets Calico enforce policies, which takes two arguments and the legacy datapath", async () => {
    expect((await controlPlane()).inputs).to.deep.include({
      datapathProvider: "LEGACY_DATAPATH",
      networkPolicy: { enabled: true, provider: "CALICO" },
      addonsConfig: { networkPolicyConfig: { disabled: false } },
    });
  });

  it("admits only the authorised networks to its public endpoint", async () => {
    expect((await controlPlane()).inputs).to.deep.include({
      privateClusterConfig: {
        enablePrivateNodes: true,
        enablePrivateEndpoint: false,
        masterIpv4CidrBlock: "172.16.0.0/28",
      },
      masterAuthorizedNetworksConfig: {
        cidrBlocks: [{ cidrBlock: "198.51.100.0/24" }],
        gcpPublicCidrsAccessEnabled: false,
      },
      controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: false } },
    });
  });

  it("has no public endpoint without an authorised network", async () => {
    const { inputs } = await controlPlane({ dnsEndpoint: true, authorisedNetworks: [] });
    expect(at(inputs, "privateClusterConfig", "enablePrivateEndpoint")).to.equal(true);
    expect(inputs.masterAuthorizedNetworksConfig).to.deep.equal({
      cidrBlocks: [],
      gcpPublicCidrsAccessEnabled: false,
    });
    expect(at(inputs, "controlPlaneEndpointsConfig", "dnsEndpointConfig")).to.deep.equal({
      allowExternalTraffic: true,
    });
  });

  it("has workload identity, a channel, a window, and no legacy sign-in", async () => {
    expect((await controlPlane()).inputs).to.deep.include({
      workloadIdentityConfig: { workloadPool: "my-project.svc.id.goog" },
      releaseChannel: { channel: "REGULAR" },
      maintenancePolicy: { dailyMaintenanceWindow: { startTime: "03:00" } },
      enableShieldedNodes: true,
      enableLegacyAbac: false,
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    });
  });

  it("sets the oldest version only when one is configured", async () => {
    expect((await controlPlane()).inputs).not.to.have.property("minMasterVersion");
    const { inputs } = await controlPlane({ kubernetesVersion: "1.34" });
    expect(inputs).to.include({ minMasterVersion: "1.34" });
  });

  for (const deletionProtection of [true, false]) {
    it(`${deletionProtection ? "cannot" : "can"} be deleted, by engine and provider, when its protection is ${deletionProtection ? "on" : "off"}`, async () => {
      const { inputs, isProtected } = await controlPlane({ deletionProtection });
      expect({ isProtected, provider: inputs.deletionProtection }).to.deep.equal({
        isProtected: deletionProtection,
        provider: deletionProtection,
      });
    });
  }

  it("replaces the pool that GKE makes by one that it describes", async () => {
    const { inputs, ignoreChanges } = await controlPlane();
    expect(inputs).to.include({ removeDefaultNodePool: true, initialNodeCount: 1 });
    expect(ignoreChanges).to.deep.equal(["nodeConfig", "initialNodeCount"]);
  });

  it("has private, shielded nodes with a journal and with their own account in each zone", async () => {
    const { inputs } = named((await run()).resources, "cluster-nodes");
    expect(inputs).to.deep.include({
      nodeLocations: ["europe-west1-b", "europe-west1-c"],
      nodeCount: 1,
      maxPodsPerNode: 110,
      networkConfig: { enablePrivateNodes: true },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { maxSurge: 1, maxUnavailable: 0 },
    });
    expect(inputs.nodeConfig).to.deep.include({
      machineType: "e2-standard-4",
      imageType: "UBUNTU_CONTAINERD",
      serviceAccount: "provenet-nodes@my-project.iam.gserviceaccount.com",
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      workloadMetadataConfig: { mode: "GKE_METADATA" },
      metadata: { "disable-legacy-endpoints": "true" },
      tags: ["provenet-node"],
    });
  });

  it("keeps the first pool as safe, until it is removed", async () => {
    const { inputs } = await controlPlane();
    expect(inputs.nodeConfig).to.deep.include({
      serviceAccount: "provenet-nodes@my-project.iam.gserviceaccount.com",
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    });
  });

  it("leaves a zonal control plane's own zone out of the cluster's zones, but not of the pool's", async () => {
    const { resources } = await run({ location: "europe-west1-b" });
    expect(named(resources, "cluster-control-plane").inputs.nodeLocations).to.deep.equal([
      "europe-west1-c",
    ]);
    expect(named(resources, "cluster-nodes").inputs.nodeLocations).to.have.length(2);
    expect(named(resources, "cluster-network-router").inputs.region).to.equal("europe-west1");
  });

  it("grants its nodes one role, the least that Google documents", async () => {
    const { resources } = await run();
    const roles = resources.filter(({ type }) => type.includes("IAMMember"));
    expect(roles.map(({ inputs }) => inputs.role)).to.deep.equal([
      "roles/container.defaultNodeServiceAccount",
    ]);
  });

  it("leads nodes to the internet by NAT, and webhooks from the control plane to the nodes", async () => {
    const { resources } = await run();
    expect(named(resources, "cluster-network-nat").inputs).to.deep.include({
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      // Pods have addresses of a secondary range.
      subnetworks: [
        { name: "cluster-network-subnetwork-id", sourceIpRangesToNats: ["ALL_IP_RANGES"] },
      ],
    });
    expect(named(resources, "cluster-network-webhooks").inputs).to.deep.include({
      sourceRanges: ["172.16.0.0/28"],
      targetTags: ["provenet-node"],
      allows: [{ protocol: "tcp", ports: ["8443", "9443"] }],
    });
  });

  it("replaces the subnetwork when a secondary range changes, because a range cannot be modified", async () => {
    const { resources } = await run();
    expect(named(resources, "cluster-network-subnetwork")).to.deep.include({
      replaceOnChanges: ["secondaryIpRanges"],
      deleteBeforeReplace: true,
    });
  });

  it("reserves each address under its name in the region, and uses the configured project", async () => {
    const { resources } = await run({ location: "europe-west1-b" });
    expect(named(resources, "cluster-cloud").inputs).to.include({ project: "my-project" });
    expect(named(resources, "cluster-address-provenet-ingress").inputs).to.include({
      name: "provenet-ingress",
      region: "europe-west1",
    });
  });

  it("lists its nodes again when others take their place, and leaves its identity", async () => {
    const { resources } = await run({ nodesPerZone: 3 });
    const { triggers, environment } = named(resources, "cluster-node-list").inputs;
    const nodes = ["europe-west1-b,europe-west1-c", "6", "e2-standard-4"];
    expect(triggers).to.deep.equal(["uid-1", "cluster-nodes-id", ...nodes]);
    expect(environment).to.include({ PROVENET_NODES: "6" });
    expect(named(resources, "cluster-identity").inputs.triggers).to.deep.equal(["Q0E="]);
  });

  it("identifies its provider by its UID, and deletes its objects one by one", async () => {
    const { resources } = await run();
    expect(named(resources, "cluster-provider").inputs).to.include({ clusterIdentifier: "uid-1" });
    expect(named(resources, "inside")).not.to.have.property("deletedWith");
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await run({}, ["one", "two"]);
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});

describe("the kubeconfig of a cluster in Google Cloud", () => {
  const kubeconfigOf = async (changes: Partial<GkeClusterArgs>) => {
    const { kubeconfig } = named((await run(changes)).resources, "cluster-provider").inputs;
    // The engine receives a secret as an object around the value.
    expect(kubeconfig).to.have.property("4dabf18193072939515e22adb298388d");
    return parse(String(at(kubeconfig, "value"))) as unknown;
  };

  it("names the public address and the cluster's CA", async () => {
    expect(at(await kubeconfigOf({}), "clusters", 0, "cluster")).to.deep.equal({
      server: "https://203.0.113.9",
      "certificate-authority-data": "Q0E=",
    });
  });

  it("names the DNS name without a CA, because every client knows its certificate", async () => {
    const config = await kubeconfigOf({ dnsEndpoint: true });
    expect(at(config, "clusters", 0, "cluster")).to.deep.equal({
      server: "https://gke-1234.europe-west1.gke.goog",
    });
  });
});
