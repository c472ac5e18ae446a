import { expect } from "chai";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { parseMachine } from "../../../components/config/machine.ts";
import { parseSettings } from "../../../components/config/read.ts";
import { parseBlock, parseNetwork } from "../../../net/addresses.ts";
import {
  bareMachine,
  cluster,
  network,
  noCrds,
  pools,
  routed,
  settingsOf,
  values,
  web,
} from "./values.ts";

/** The values of a stack file, without the project's name. */
function valuesOf(text: string): Record<string, unknown> {
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("provenet:", ""), value]),
  );
}

describe("settings", () => {
  it("are parsed, with each default filled in", () => {
    const settings = settingsOf();
    expect(settings.cluster).to.deep.equal({
      ...cluster(),
      nodes: 2,
      memoryMiB: 3072,
      cpus: 2,
      containerRuntime: "containerd",
      nodeNetwork: parseNetwork("192.168.49.0/24"),
      podNetwork: parseNetwork("10.244.0.0/16"),
      serviceNetwork: parseNetwork("10.96.0.0/12"),
      kubeProxy: { mode: "iptables" },
      labels: {},
    });
    expect(settings.network.pools).to.deep.equal([
      { name: "home", blocks: [parseBlock("192.168.49.200-192.168.49.239")] },
    ]);
    const { image, ...ingress } = settings.network.ingress;
    expect(image).to.match(/ingress-nginx/);
    expect(ingress).to.deep.equal({ address: { pool: "home" }, className: "nginx" });
    expect(settings.network.routes).to.deep.equal([]);
    expect(settings.apps.web).to.include({ replicas: 2, ingressClassName: "nginx" });
    expect(settings.client.router).to.equal(undefined);
  });

  it("have no application that the stack leaves out", () => {
    expect(settingsOf({ apps: undefined }).apps).to.deep.equal({});
  });

  it("keep an extra pool and another node network exactly as they are written", () => {
    const settings = settingsOf({
      cluster: cluster({ nodeNetwork: "192.168.60.0/24" }),
      network: network({
        pools: [
          ...pools("192.168.60.200-192.168.60.239"),
          { name: "extra", addresses: ["192.168.60.64/28"] },
        ],
      }),
    });
    expect(settings.cluster.nodeNetwork).to.deep.equal(parseNetwork("192.168.60.0/24"));
    expect(settings.network.pools).to.deep.equal([
      { name: "home", blocks: [parseBlock("192.168.60.200-192.168.60.239")] },
      { name: "extra", blocks: [parseBlock("192.168.60.64/28")] },
    ]);
  });

  it("accept a pool outside the node network that a route leads to", () => {
    settingsOf({ network: network({ pools: pools("172.17.255.0/24"), routes: [routed] }) });
  });

  it("name each route by vantage and network", () => {
    const { routes } = settingsOf({ network: network({ routes: [routed] }) }).network;
    expect(routes.map(({ name }) => name)).to.deep.equal(["route-host-172.17.255.0-24"]);
  });

  it("accept a cluster that is already running", () => {
    const { nodeNetwork, podNetwork, serviceNetwork } = cluster();
    const settings = settingsOf({
      cluster: { kind: "existing", kubeconfigFile: "k", nodeNetwork, podNetwork, serviceNetwork },
    });
    expect(settings.cluster).to.include({
      kind: "existing",
      kubeconfigFile: "k",
      installCalico: false,
    });
  });

  it("give an existing cluster the architecture of Calico's images, where they have one", () => {
    const architectureOf = (more: object, images: object = {}) => {
      const settings = settingsOf({
        cluster: {
          ...{ kind: "existing", kubeconfigFile: "k", installCalico: true },
          ...{ nodeNetwork: "192.168.49.0/24", podNetwork: "10.244.0.0/16" },
          ...{ serviceNetwork: "10.96.0.0/12", ...more },
        },
        images,
      });
      return "architecture" in settings.cluster ? settings.cluster.architecture : undefined;
    };
    const image = `registry.example/calico:1@sha256:${"0".repeat(64)}`;
    const overrides = { calicoNode: image, calicoCni: image, calicoKubeControllers: image };
    expect(architectureOf({})).to.equal("amd64");
    expect(architectureOf({}, { architecture: "arm64" })).to.equal("arm64");
    expect(architectureOf({ installCalico: false })).to.equal(undefined);
    expect(architectureOf({}, { source: "lab" })).to.equal(undefined);
    expect(architectureOf({}, { overrides })).to.equal(undefined);
  });

  it("pin upstream's images by digest for each architecture", () => {
    for (const architecture of ["amd64", "arm64"]) {
      const { network: stage, apps } = settingsOf({ images: { architecture } });
      const { calico, metalLb, ingress } = stage;
      const images = [calico.images, metalLb.images].flatMap((part) => Object.values(part));
      for (const image of [...images, ingress.image, apps.web?.image]) {
        expect(image).to.match(/^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
      }
    }
  });

  it("take a single image instead of the table's", () => {
    const image = `registry.example/web:1@sha256:${"0".repeat(64)}`;
    const settings = settingsOf({ images: { source: "lab", overrides: { web: image } } });
    expect(settings.apps.web?.image).to.equal(image);
    expect(settings.network.calico.images.node).to.equal("provenet.lab/calico-node:v3.31.0");
  });

  it("accept numbers and booleans where a text is meant, as `config set --path` writes them", () => {
    const settings = settingsOf({
      network: network({
        pools: [{ name: 7, addresses: ["192.168.49.200/29"] }],
        ingress: { pool: 7 },
      }),
      apps: { web: web({ pool: 7, replicas: 3 }) },
      cluster: cluster({ profile: true }),
    });
    expect(settings.network.ingress.address).to.deep.equal({ pool: "7" });
    expect(settings.apps.web).to.deep.include({ address: { pool: "7" }, replicas: 3 });
    expect(settings.cluster).to.include({ profile: "true" });
  });

  it("read the CRDs that the kind of cluster needs, and pass on their faults", () => {
    const read: string[] = [];
    const reader = (directory: string, name: string) => {
      read.push(`${directory}/${name}`);
      return { crds: [], faults: [{ propertyPath: "provenet:x", reason: name }] };
    };
    expect(parseSettings(values(), bareMachine, reader).faults).to.deep.equal([
      { propertyPath: "provenet:x", reason: "calico" },
      { propertyPath: "provenet:x", reason: "metallb" },
    ]);
    const { nodeNetwork, podNetwork, serviceNetwork } = cluster();
    parseSettings(
      values({
        cluster: { kind: "existing", kubeconfigFile: "x", nodeNetwork, podNetwork, serviceNetwork },
        network: network({ crdsDirectory: "own" }),
      }),
      bareMachine,
      reader,
    );
    expect(read).to.deep.equal([".provenet/crds/calico", ".provenet/crds/metallb", "own/metallb"]);
  });

  for (const stack of ["dev", "lab", "gke"]) {
    it(`of Pulumi.${stack}.yaml have no fault`, () => {
      const machine = parseMachine('{"router":"netns:/run/netns/provenet-router"}');
      const file = readFileSync(`Pulumi.${stack}.yaml`, "utf8");
      expect(parseSettings(valuesOf(file), machine, noCrds).faults).to.deep.equal([]);
    });
  }
});
