import { expect } from "chai";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { parseSettings } from "../../../components/config/readSettings.ts";
import { schemas } from "../../../components/config/schema.ts";
import type { Settings } from "../../../components/config/settings.ts";

const noFaults = () => ({ definitions: [], faults: [] });

/** Values that have no fault; each case breaks one thing. */
function values(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    cluster: cluster(),
    pools: [{ name: "home", addresses: ["192.168.49.200-192.168.49.239"] }],
    ingress: { pool: "home" },
    web: { pool: "home", host: "web.provenet.test" },
    ...changes,
  };
}

function cluster(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: "minikube",
    profile: "provenet",
    kubernetesVersion: "v1.34.2",
    driver: "docker",
    nodeNetwork: "192.168.49.0/24",
    podNetwork: "10.244.0.0/16",
    serviceNetwork: "10.96.0.0/12",
    ...changes,
  };
}

const pools = (...addresses: string[]) => [{ name: "home", addresses }];
const routed = { on: "host", to: "172.17.255.0/24", via: "192.168.49.2" };

function settingsOf(changes: Record<string, unknown> = {}): Settings {
  const { settings, faults } = parseSettings(values(changes), noFaults);
  expect(faults).to.deep.equal([]);
  if (!settings) throw new Error("no settings without a fault");
  return settings;
}

/** Every fault as `path: reason`. */
function faultsOf(changes: Record<string, unknown>): string[] {
  return parseSettings(values(changes), noFaults).faults.map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

describe("settings", () => {
  it("are read with each default filled in", () => {
    const settings = settingsOf();
    expect(settings.cluster).to.deep.equal({
      ...cluster(),
      nodes: 2,
      memoryMiB: 3072,
      cpus: 2,
      containerRuntime: "containerd",
      labels: {},
    });
    expect(settings.ingress).to.deep.equal({ pool: "home", className: "nginx" });
    expect(settings.web.replicas).to.equal(2);
    expect(settings.routes).to.deep.equal([]);
    expect(settings).not.to.have.property("router");
  });

  it("keep a router that is set", () => {
    expect(settingsOf({ router: "netns:/run/netns/router" }).router).to.equal(
      "netns:/run/netns/router",
    );
  });

  it("take a pool outside the node network that a route leads to", () => {
    settingsOf({ pools: pools("172.17.255.0/24"), routes: [routed] });
  });

  it("take a cluster that exists already", () => {
    const { kind, kubeconfigFile } = { kind: "existing", kubeconfigFile: "kubeconfig" };
    const { nodeNetwork, podNetwork, serviceNetwork } = cluster();
    const networks = { nodeNetwork, podNetwork, serviceNetwork };
    const settings = settingsOf({ cluster: { kind, kubeconfigFile, ...networks } });
    expect(settings.cluster).to.deep.equal({
      kind,
      kubeconfigFile,
      ...networks,
      installCalico: false,
    });
  });

  it("take the lab's images when told so, and upstream's by digest otherwise", () => {
    expect(settingsOf({ imageSource: "lab" }).images.web).to.equal("provenet.lab/web:1.22");
    for (const architecture of ["amd64", "arm64"]) {
      for (const image of Object.values(settingsOf({ architecture }).images)) {
        expect(image).to.match(/^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
      }
    }
  });

  it("take a single image instead of the table's", () => {
    const web = `registry.example/web:1@sha256:${"0".repeat(64)}`;
    const { images } = settingsOf({ images: { web }, imageSource: "lab" });
    expect(images.web).to.equal(web);
    expect(images.calicoNode).to.equal("provenet.lab/calico-node:v3.31.0");
  });

  const cases: readonly [string, Record<string, unknown>, string, RegExp][] = [
    ["a missing key", { web: undefined }, "web", /is missing; write an object/],
    ["an unknown key", { pool: [] }, "pool", /no key of this project; write one of cluster,/],
    [
      "an unknown kind",
      { cluster: cluster({ kind: "kind" }) },
      "cluster.kind",
      /kind is minikube, existing or gke/,
    ],
    [
      "an unknown field",
      { ingress: { pool: "home", class: "x" } },
      "ingress",
      /does not know class/,
    ],
    [
      "text for a number",
      { cluster: cluster({ nodes: "two" }) },
      "cluster.nodes",
      /got "two"; write a whole number from 1 to 9/,
    ],
    ["too many nodes", { cluster: cluster({ nodes: 10 }) }, "cluster.nodes", /got 10; /],
    [
      "too little memory",
      { cluster: cluster({ memoryMiB: 512 }) },
      "cluster.memoryMiB",
      /from 1800/,
    ],
    [
      "a version without patch",
      { cluster: cluster({ kubernetesVersion: "v1.34" }) },
      "cluster.kubernetesVersion",
      /write a full version, for example v1.34.2/,
    ],
    [
      "a profile that is an option",
      { cluster: cluster({ profile: "-p" }) },
      "cluster.profile",
      /got "-p"; write small letters/,
    ],
    [
      "an unknown driver",
      { cluster: cluster({ driver: "kind" }) },
      "cluster.driver",
      /write one of docker/,
    ],
    [
      "an unknown image source",
      { imageSource: "hub" },
      "imageSource",
      /write one of upstream, lab/,
    ],
    [
      "an image without digest",
      { images: { web: "nginx:latest" } },
      "images.web",
      /got "nginx:latest", which is not pinned/,
    ],
    [
      "an unknown image",
      { images: { cni: `a@sha256:${"0".repeat(64)}` } },
      "images.cni",
      /the names are calicoNode,/,
    ],
    ["no pool", { pools: [] }, "pools", /write at least one pool/],
    ["a pool without address", { pools: pools() }, "pools[0].addresses", /write at least one/],
    [
      "a web host without dot",
      { web: { pool: "home", host: "web" } },
      "web.host",
      /a host name in small letters with a dot/,
    ],
    [
      "an unreadable network",
      { cluster: cluster({ podNetwork: "10.244.0.0" }) },
      "cluster.podNetwork",
      /not a network/,
    ],
    [
      "bits after the prefix",
      { cluster: cluster({ podNetwork: "10.244.1.0/16" }) },
      "cluster.podNetwork",
      /write 10.244.0.0\/16/,
    ],
    [
      "pods within services",
      { cluster: cluster({ podNetwork: "10.96.0.0/16" }) },
      "cluster.serviceNetwork",
      /overlaps "10.96.0.0\/16" of provenet:cluster.podNetwork/,
    ],
    [
      "a node network too narrow",
      {
        cluster: cluster({ nodeNetwork: "192.168.49.0/30" }),
        pools: pools("172.17.255.0/24"),
        routes: [routed],
      },
      "cluster.nodeNetwork",
      /no room for 2 nodes/,
    ],
    [
      "a pod network too narrow",
      { cluster: cluster({ podNetwork: "10.244.0.0/24" }) },
      "cluster.podNetwork",
      /no \/24 for each of 2 nodes/,
    ],
    [
      "a service network too wide",
      { cluster: cluster({ serviceNetwork: "11.0.0.0/8" }) },
      "cluster.serviceNetwork",
      /wider than the API server takes/,
    ],
    [
      "labels for fewer nodes",
      { cluster: cluster({ labels: { zone: ["a"] } }) },
      'cluster.labels["zone"]',
      /got 1 values for 2 nodes/,
    ],
    [
      "an unreadable block",
      { pools: pools("192.168.49.200") },
      "pools[0].addresses[0]",
      /single address/,
    ],
    [
      "a pool on the gateway",
      { pools: pools("192.168.49.1-192.168.49.1") },
      "pools[0].addresses[0]",
      /holds 192.168.49.1 \(the gateway\)/,
    ],
    [
      "a pool on the second node",
      { pools: pools("192.168.49.3-192.168.49.9") },
      "pools[0].addresses[0]",
      /holds 192.168.49.3 \(node 2\); .*for example 192.168.49.192-192.168.49.254/,
    ],
    [
      "a pool on the broadcast address",
      { pools: pools("192.168.49.240/28") },
      "pools[0].addresses[0]",
      /holds 192.168.49.255 \(the broadcast address\)/,
    ],
    [
      "a pool that is the node network",
      { pools: pools("192.168.49.0/24") },
      "pools[0].addresses[0]",
      /gateway.*node 1.*node 2.*broadcast/,
    ],
    [
      "a pool partly in the node network",
      { pools: pools("192.168.49.250-192.168.50.10") },
      "pools[0].addresses[0]",
      /lies partly inside/,
    ],
    [
      "a pool around the node network",
      { pools: pools("192.168.48.0/23") },
      "pools[0].addresses[0]",
      /lies partly inside/,
    ],
    [
      "a pool of pod addresses",
      { pools: pools("10.244.255.0/24"), routes: [{ ...routed, to: "10.244.255.0/24" }] },
      "pools[0].addresses[0]",
      /overlaps "10.244.0.0\/16" of provenet:cluster.podNetwork/,
    ],
    [
      "a pool of service addresses",
      { pools: pools("10.111.0.0/28"), routes: [{ ...routed, to: "10.111.0.0/28" }] },
      "pools[0].addresses[0]",
      /overlaps "10.96.0.0\/12" of provenet:cluster.serviceNetwork/,
    ],
    [
      "a pool that no route leads to",
      { pools: pools("172.17.255.0/24") },
      "pools[0].addresses[0]",
      /no route leads to it; add to provenet:routes/,
    ],
    [
      "a pool that a route covers in part",
      { pools: pools("172.17.254.0/23"), routes: [routed] },
      "pools[0].addresses[0]",
      /no route leads to it/,
    ],
    [
      "blocks that overlap",
      { pools: pools("192.168.49.200/29", "192.168.49.204-192.168.49.210") },
      "pools[0].addresses[1]",
      /overlaps "192.168.49.200\/29" of provenet:pools\[0\].addresses\[0\]/,
    ],
    [
      "a pool named twice",
      { pools: [...pools("192.168.49.200/29"), ...pools("192.168.49.208/29")] },
      "pools[1].name",
      /taken by an earlier pool/,
    ],
    [
      "an unknown pool for the ingress",
      { ingress: { pool: "away" } },
      "ingress.pool",
      /"away" is no pool of provenet:pools; write one of home/,
    ],
    [
      "an unknown pool for the web",
      { web: { pool: "away", host: "web.provenet.test" } },
      "web.pool",
      /write one of home/,
    ],
    [
      "a route on no vantage",
      { routes: [{ ...routed, on: "router" }] },
      "routes[0].on",
      /not a vantage/,
    ],
    [
      "a route to an address",
      { routes: [{ ...routed, to: "172.17.255.1" }] },
      "routes[0].to",
      /not a network/,
    ],
    [
      "a route via a network",
      { routes: [{ ...routed, via: "192.168.49.0/24" }] },
      "routes[0].via",
      /not an address/,
    ],
    [
      "a next hop inside the destination",
      { routes: [{ ...routed, via: "172.17.255.1" }] },
      "routes[0].via",
      /which it should lead to/,
    ],
    [
      "a next hop of the other family",
      { routes: [{ ...routed, via: "fd00::1" }] },
      "routes[0].via",
      /mix IPv4 and IPv6/,
    ],
    [
      "a route set twice",
      { routes: [routed, { ...routed, via: "192.168.49.3" }] },
      "routes[1]",
      /a route to 172.17.255.0\/24 on host is there already/,
    ],
    ["a router at no vantage", { router: "the cellar" }, "router", /"the cellar" is not a vantage/],
  ];
  for (const [what, changes, path, reason] of cases) {
    it(`reject ${what}, at its key and nothing else`, () => {
      const faults = faultsOf(changes);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(reason);
      expect(faults[0]?.startsWith(`provenet:${path}: `), faults[0]).to.equal(true);
    });
  }

  it("report every fault at once, also those between keys that are readable", () => {
    const faults = faultsOf({
      cluster: cluster({ nodeNetwork: "10.96.0.0/24" }),
      imageSource: "hub",
      web: { pool: "away", host: "web" },
      ingress: { pool: "away" },
    });
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(": ")))).to.deep.equal([
      "provenet:imageSource",
      "provenet:web.host",
      "provenet:cluster.serviceNetwork",
      "provenet:pools[0].addresses[0]",
      "provenet:ingress.pool",
    ]);
  });

  it("never hold a value of another type after a wrong one, whatever the key", () => {
    for (const key of Object.keys(schemas)) {
      for (const wrong of [null, 7, true, "x y", ["?"], { "?": 1 }]) {
        const { settings, faults } = parseSettings(values({ [key]: wrong }), noFaults);
        if (settings) continue;
        expect(
          faults.some(({ propertyPath }) => propertyPath.startsWith(`provenet:${key}`)),
        ).to.equal(true, `${key} = ${JSON.stringify(wrong)}`);
      }
    }
  });

  it("pass on the faults of definition files, read only where they are needed", () => {
    const asked: string[] = [];
    const reader = (directory: string, name: string) => {
      asked.push(`${directory}/${name}`);
      return { definitions: [], faults: [{ propertyPath: "provenet:x", reason: name }] };
    };
    expect(parseSettings(values(), reader).faults).to.deep.equal([
      { propertyPath: "provenet:x", reason: "calico" },
      { propertyPath: "provenet:x", reason: "metallb" },
    ]);
    const { nodeNetwork, podNetwork, serviceNetwork } = cluster();
    parseSettings(
      values({
        cluster: { kind: "existing", kubeconfigFile: "x", nodeNetwork, podNetwork, serviceNetwork },
        definitionsDirectory: "crds",
      }),
      reader,
    );
    expect(asked).to.deep.equal([
      ".provenet/definitions/calico",
      ".provenet/definitions/metallb",
      "crds/metallb",
    ]);
  });

  describe("of the project's own files", () => {
    const project = parse(readFileSync("Pulumi.yaml", "utf8")) as {
      config: Record<string, { type: string; description: string; default?: unknown }>;
    };

    it("are all declared, with type, description and the same default", () => {
      const { ...declared } = project.config;
      expect(Object.keys(declared)).to.deep.equal(
        Object.keys(schemas).map((key) => `provenet:${key}`),
      );
      for (const [key, schema] of Object.entries(schemas)) {
        const { type, description, ...rest } = declared[`provenet:${key}`] ?? {
          type: "",
          description: "",
        };
        expect(type, key).to.be.oneOf(["string", "array", "object"]);
        expect(description, key).to.have.length.above(20);
        const fallback = schema.safeParse(undefined);
        expect(rest.default, key).to.deep.equal(fallback.success ? fallback.data : undefined);
      }
    });

    for (const stack of ["dev", "gke"]) {
      it(`are right for ${stack}`, () => {
        const file = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
          config: Record<string, unknown>;
        };
        const plain = Object.entries(file.config).map(([key, value]) => [
          key.replace("provenet:", ""),
          value,
        ]);
        const { faults } = parseSettings(
          Object.fromEntries(plain) as Record<string, unknown>,
          noFaults,
        );
        expect(faults).to.deep.equal([]);
      });
    }
  });
});
