import { expect } from "chai";

import { faultsOf, settingsOf } from "./values.ts";

/** Values of a gke stack without a fault. */
const gke = (changes: Record<string, unknown> = {}) => ({
  kind: "gke",
  project: "my-project",
  location: "europe-west1",
  zones: ["europe-west1-b", "europe-west1-c"],
  name: "provenet",
  dnsEndpoint: true,
  controlPlaneNetwork: "172.16.0.0/28",
  nodeNetwork: "10.10.0.0/20",
  podNetwork: "10.12.0.0/14",
  serviceNetwork: "10.16.0.0/20",
  ...changes,
});
const cloud = { network: {}, apps: { web: { host: "web.provenet.test" } } };

describe("the settings of a cluster in Google Cloud", () => {
  it("reserve one address for each Service that is published, and name it in both places", () => {
    const { cluster, network, apps } = settingsOf({ ...cloud, cluster: gke() });
    expect(cluster).to.deep.include({ reservations: ["provenet-ingress", "provenet-web"] });
    expect(network.ingress.address).to.deep.equal({ reservation: "provenet-ingress" });
    expect(apps.web?.address).to.deep.equal({ reservation: "provenet-web" });
  });

  it("reserve none for an application that is left out", () => {
    const { cluster } = settingsOf({ network: {}, apps: {}, cluster: gke() });
    expect(cluster).to.deep.include({ reservations: ["provenet-ingress"] });
  });

  it("have no pools and routes", () => {
    const { network } = settingsOf({ ...cloud, cluster: gke() });
    expect(network).to.deep.include({ pools: [], routes: [] });
  });

  it("have safe defaults", () => {
    expect(settingsOf({ ...cloud, cluster: gke() }).cluster).to.deep.include({
      deletionProtection: true,
      channel: "REGULAR",
      authorisedNetworks: [],
      nodesPerZone: 1,
    });
  });

  const meaningless: readonly [string, Record<string, unknown>][] = [
    ["network.pools", { network: { pools: [{ name: "home", addresses: ["192.0.2.0/28"] }] } }],
    ["network.routes", { network: { routes: [] } }],
    ["network.crdsDirectory", { network: { crdsDirectory: "crds" } }],
    ["network.ingress.pool", { network: { ingress: { pool: "home" } } }],
    ["apps.web.pool", { apps: { web: { pool: "home", host: "web.provenet.test" } } }],
  ];
  for (const [path, change] of meaningless) {
    it(`refuse ${path}, which means nothing there`, () => {
      const faults = faultsOf({ ...cloud, cluster: gke(), ...change });
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(
        new RegExp(
          `^provenet:${path}: is not a known key; write one of .*With kind gke there are no`,
        ),
      );
      expect(faults[0]).to.match(/remove the key$/);
    });
  }

  it("leave the keys of other kinds as they are", () => {
    expect(faultsOf({ network: {} })).to.have.length.above(0);
    expect(faultsOf({ network: {} }).join()).to.match(/network\.pools: is missing/);
  });
});

describe("the faults of a cluster in Google Cloud", () => {
  const cases: readonly [string, Record<string, unknown>, string, RegExp][] = [
    ["a missing project", { project: undefined }, "project", /is missing; write the id of a proj/],
    ["a wrong project", { project: "My Project" }, "project", /got "My Project"; write the id/],
    ["a missing location", { location: undefined }, "location", /is missing; write a region or/],
    ["a wrong location", { location: "Belgium" }, "location", /write a region or a zone/],
    ["a single zone", { zones: ["europe-west1-b"] }, "zones", /write at least two/],
    [
      "a zone of another region",
      { zones: ["europe-west1-b", "us-central1-a"] },
      "zones[1]",
      /"us-central1-a" is no zone of europe-west1, .* write one such as europe-west1-b/,
    ],
    [
      "a zone that is no neighbour of a zonal control plane",
      { location: "europe-west10-a", zones: ["europe-west1-b", "europe-west10-b"] },
      "zones[0]",
      /no zone of europe-west10/,
    ],
    ["a zone twice", { zones: Array(2).fill("europe-west1-b") }, "zones[1]", /is there twice/],
    ["a long name", { name: "a".repeat(25) }, "name", /at most 24/],
    ["no nodes", { nodesPerZone: 0 }, "nodesPerZone", /from 1 to 50/],
    ["a shared processor", { machineType: "e2-medium" }, "machineType", /write a larger one/],
    [
      "Arm processors, whose images are others",
      { machineType: "t2a-standard-4" },
      "machineType",
      /"t2a-standard-4" has arm64 processors, and provenet:images\.architecture is amd64/,
    ],
    [
      "a machine type without persistent disks",
      { machineType: "n4-standard-4" },
      "machineType",
      /"n4-standard-4" has no disks of the type pd-balanced; write another one/,
    ],
    [
      "loopback addresses for nodes",
      { nodeNetwork: "127.0.0.0/20" },
      "nodeNetwork",
      /overlaps 127\.0\.0\.0\/8, which no network in Google Cloud may use/,
    ],
    ["another channel", { channel: "FAST" }, "channel", /write one of RAPID, REGULAR/],
    ["minikube's version form", { kubernetesVersion: "v1.34.2" }, "kubernetesVersion", /without v/],
    ["a time that is none", { maintenanceStart: "25:00" }, "maintenanceStart", /23:59/],
    ["no way in", { dnsEndpoint: false }, "authorisedNetworks", /nobody reaches the API server/],
    [
      "a way in for everybody",
      { authorisedNetworks: ["198.51.100.7/32", "0.0.0.0/0"] },
      "authorisedNetworks[1]",
      /opens the API server to strangers; write your own networks/,
    ],
    [
      "a way in for half of everybody",
      { authorisedNetworks: ["128.0.0.0/1"] },
      "authorisedNetworks[0]",
      /opens the API server to strangers/,
    ],
    [
      "an IPv6 way in",
      { authorisedNetworks: ["2001:db8::/32"] },
      "authorisedNetworks[0]",
      /is IPv6; write an IPv4 network/,
    ],
    [
      "a control plane network of another size",
      { controlPlaneNetwork: "172.16.0.0/24" },
      "controlPlaneNetwork",
      /"172.16.0.0\/24" is no \/28; write one, for example 172.16.0.0\/28/,
    ],
    [
      "a control plane network inside another one",
      { controlPlaneNetwork: "10.12.0.0/28" },
      "controlPlaneNetwork",
      /overlaps "10.12.0.0\/14" of provenet:cluster.podNetwork/,
    ],
    [
      "Services in the pods' network",
      { serviceNetwork: "10.13.0.0/20" },
      "serviceNetwork",
      /overlaps "10.12.0.0\/14" of provenet:cluster.podNetwork/,
    ],
    ["few Services", { serviceNetwork: "10.16.0.0/28" }, "serviceNetwork", /a \/27 or wider/],
    [
      "a node network that is full during an upgrade",
      { nodeNetwork: "10.10.0.0/29", nodesPerZone: 2 },
      "nodeNetwork",
      /has no room for 4 nodes, one more during an upgrade and Google's four addresses/,
    ],
    [
      "a pod network without a /24 for each node",
      { podNetwork: "10.12.0.0/23" },
      "podNetwork",
      /has no \/24 for each of 2 nodes and one more during an upgrade/,
    ],
    ["IPv6 pods", { podNetwork: "2001:db8::/48" }, "podNetwork", /is IPv6/],
    ["a key of minikube", { profile: "x" }, "profile", /is not a known key; write one of kind,/],
  ];
  for (const [what, change, path, reason] of cases) {
    it(`are found for ${what}`, () => {
      const faults = faultsOf({ ...cloud, cluster: gke(change) });
      const [fault = ""] = faults;
      expect(faults, faults.join("\n")).to.have.length(1);
      expect(fault.startsWith(`provenet:cluster.${path}: `), fault).to.equal(true);
      expect(fault).to.match(reason);
    });
  }

  const meaningless: readonly [string, Record<string, unknown>, RegExp][] = [
    ["client.router", { client: { router: "host" } }, /has no router/],
    ["images.source", { images: { source: "lab" } }, /registries do not have the lab's images/],
    [
      "images.overrides.metallbSpeaker",
      { images: { overrides: { metallbSpeaker: "provenet.lab/x:1" } } },
      /is not installed with kind gke; remove the key/,
    ],
    [
      "images.overrides.calicoNode",
      { images: { overrides: { calicoNode: "provenet.lab/x:1" } } },
      /is not installed with kind gke; remove the key/,
    ],
    [
      "cluster.machineType",
      { images: { architecture: "arm64" } },
      /has amd64 processors, and provenet:images\.architecture is arm64/,
    ],
  ];
  for (const [path, change, reason] of meaningless) {
    it(`are found for ${path}, which means nothing there`, () => {
      const faults = faultsOf({ ...cloud, cluster: gke(), ...change });
      expect(faults, faults.join("\n")).to.have.length(1);
      expect(faults[0]).to.match(reason);
      expect(faults[0]?.startsWith(`provenet:${path}: `)).to.equal(true);
    });
  }

  it("are none for Arm processors with Arm images", () => {
    const cluster = gke({ machineType: "t2a-standard-4" });
    expect(faultsOf({ ...cloud, cluster, images: { architecture: "arm64" } })).to.deep.equal([]);
  });

  it("come all at once", () => {
    const faults = faultsOf({
      cluster: gke({ project: "", dnsEndpoint: false, podNetwork: "10.12.0.0/24" }),
      network: { pools: [] },
      apps: { web: {} },
    });
    expect(faults.map((fault) => fault.split(": ")[0])).to.deep.equal([
      "provenet:cluster.project",
      "provenet:network.pools",
      "provenet:apps.web.host",
      "provenet:cluster.authorisedNetworks",
      "provenet:cluster.podNetwork",
    ]);
  });

  for (const fine of [
    { location: "europe-west1-d" },
    { kubernetesVersion: "1.34" },
    { kubernetesVersion: "1.34.1-gke.2190000" },
    { dnsEndpoint: false, authorisedNetworks: ["198.51.100.0/24"] },
    // One room for each of two nodes, and one for an upgrade.
    { nodeNetwork: "10.10.0.0/29", podNetwork: "10.12.0.0/22" },
  ]) {
    it(`are none for ${JSON.stringify(fine)}`, () => {
      expect(faultsOf({ ...cloud, cluster: gke(fine) })).to.deep.equal([]);
    });
  }
});
