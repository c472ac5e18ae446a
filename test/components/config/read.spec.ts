import { expect } from "chai";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { parseSettings } from "../../../components/config/read.ts";
import { schemas } from "../../../components/config/schema.ts";
import { cluster, faultsOf, noFaults, settingsOf, values, pools, routed } from "./values.ts";

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

  it("tell routes by whether their next hop needs the cluster", () => {
    const near = { on: "host", to: "192.168.49.0/24", via: "192.168.75.11" };
    expect(settingsOf({ routes: [near, routed] }).routes).to.deep.equal([
      { ...near, name: "route-host-192.168.49.0-24", since: "", throughNode: false },
      { ...routed, name: "route-host-172.17.255.0-24", since: "", throughNode: true },
    ]);
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
