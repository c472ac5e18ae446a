import { readFileSync, writeFileSync } from "node:fs";

import { expect } from "chai";

import { stackOutputsSchema } from "../components/verification/outputs.ts";
import { recordProgram } from "./support/program.ts";
import { type Recording, named } from "./support/recording.ts";
import { treeOf } from "./support/tree.ts";
import { provedVerdict } from "./support/verdict.ts";

/** What the lab passes on about the machine. */
const labMachine = {
  router: "netns:/run/netns/provenet-lab-router",
  vantageIds: { host: "net:[1]", "netns:/run/netns/provenet-lab-router": "net:[2]" },
} as const;

let lab: Promise<Recording> | undefined;
let dev: Promise<Recording> | undefined;
let gke: Promise<Recording> | undefined;

/** The lab stack, recorded once. */
const recordLab = () => (lab ??= recordProgram("lab", {}, labMachine));
/** The dev stack, recorded once. */
const recordDev = () => (dev ??= recordProgram("dev"));
/** The gke stack, recorded once. */
const recordGke = () => (gke ??= recordProgram("gke"));

/** Compares with the golden file. `UPDATE_GOLDEN=1` writes the file instead. */
function expectGolden(file: string, text: string): void {
  const path = `test/golden/${file}`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  expect(text).to.equal(readFileSync(path, "utf8"));
}

async function failureOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing failed");
}

describe("the program", () => {
  it("makes the resources of the dev stack, in order", async () => {
    const { resources } = await recordDev();
    expectGolden("dev.txt", treeOf(resources));
  });

  it("makes the resources of the lab stack, in order", async () => {
    const { resources } = await recordLab();
    expectGolden("lab.txt", treeOf(resources));
  });

  it("makes the resources of the gke stack, in order", async () => {
    const { resources } = await recordGke();
    expectGolden("gke.txt", treeOf(resources));
  });

  it("lets a cloud's cluster delete its Services itself, and its addresses after them", async () => {
    const { resources } = await recordGke();
    for (const { name, deletedWith } of resources) expect(deletedWith, name).to.equal(undefined);
    const { dependsOn } = named(resources, "cluster-identity");
    expect(dependsOn).to.include.members(["cluster-address-provenet-web", "cluster-nodes"]);
  });

  it("installs nothing on a cloud that the cloud has", async () => {
    const { resources } = await recordGke();
    const types = resources.map(({ type }) => type.split(":").at(-1));
    for (const type of ["MetalLb", "LoadBalancerPool", "HostRoute", "Calico"]) {
      expect(types).not.to.include(type);
    }
    expect(types).to.include.members(["CalicoAddon", "IngressController", "WebApplication"]);
  });

  it("rejects a wrong configuration with every fault at once", async () => {
    const message = await failureOf(
      recordProgram("dev", { images: { source: "hub" }, apps: { web: { pool: "home" } } }),
    );
    expect(message).to.match(/2 faults in the configuration of stack "dev" \(Pulumi\.dev\.yaml\)/);
    expect(message).to.match(/provenet:images\.source: got "hub"/);
    expect(message).to.match(/provenet:apps\.web\.host: is missing/);
  });

  it("runs without an application", async () => {
    const { resources, result } = await recordProgram("dev", { apps: {} });
    expect(resources.map(({ type }) => type)).not.to.include("provenet:apps:WebApplication");
    expect(result.addresses).to.deep.equal({ ingress: "192.0.2.8" });
  });

  it("exports what the commands parse: proved endpoints, requests and verdicts", async () => {
    const { result } = await recordLab();
    const { router } = labMachine;
    const direct = { router, service: { namespace: "web", name: "web-load-balancer" } };
    const entry = {
      router,
      service: { namespace: "ingress-nginx", name: "ingress-nginx-controller" },
    };
    const page = { ask: "http", status: 200, body: "provenet web" } as const;
    const requests = [
      { ...entry, ask: "route", name: "ingress", address: "192.0.2.8", port: 80 },
      { ...page, ...direct, name: "web", url: "http://192.0.2.7/" },
      { ...direct, ask: "route", name: "web-tcp", address: "192.0.2.7", port: 80 },
      {
        ...page,
        ...entry,
        name: "web-ingress",
        url: "http://web.provenet.test/",
        address: "192.0.2.8",
      },
      {
        ask: "cluster-dns",
        name: "cluster-dns",
        service: { namespace: "default", name: "kubernetes" },
        pods: {
          namespace: "verification-vantage",
          selector:
            "app.kubernetes.io/name=vantage,app.kubernetes.io/instance=verification-vantage",
        },
      },
    ] as const;
    expect({ ...result }).to.deep.equal({
      urls: { web: "http://192.0.2.7/", "web-ingress": "http://web.provenet.test/" },
      addresses: {
        ingress: "192.0.2.8",
        web: "192.0.2.7",
        "web-tcp": "192.0.2.7",
        "web-ingress": "192.0.2.8",
      },
      requests,
      verdicts: requests.map(provedVerdict),
      kubeconfigPath: "kubeconfig-path",
      kubeconfigContext: "provenet-lab",
      clusterUid: "uid-of-the-cluster",
    });
    expect(stackOutputsSchema.safeParse(result).error).to.equal(undefined);
  });

  it("passes the id of each route's vantage", async () => {
    const { resources } = await recordLab();
    const ids = resources
      .filter(({ name }) => name.startsWith("network-route-") && name.endsWith("-route"))
      .map(({ inputs }) => (inputs.environment as Record<string, string>).PROVENET_VANTAGE_ID);
    expect(ids).to.deep.equal(["net:[1]", "net:[2]"]);
  });

  it("creates every object in the cluster with its provider, and deletes it with the cluster", async () => {
    const { resources } = await recordDev();
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).to.have.length.above(30);
    for (const { name, provider, parent = "" } of objects) {
      expect({ name, provider }).to.deep.equal({ name, provider: "cluster-provider" });
      // The engine passes deletedWith on from a component to its children.
      expect(named(resources, parent).deletedWith, parent).to.equal("cluster-identity");
    }
  });

  it("deletes routes by themselves, because they outlive the cluster", async () => {
    const { resources } = await recordLab();
    expect(named(resources, "network")).not.to.have.property("deletedWith");
    for (const { name, type, deletedWith } of resources) {
      if (type === "provenet:network:HostRoute") expect(deletedWith, name).to.equal(undefined);
    }
  });

  it("keeps the arguments of components out of the state, which would hold the CRDs twice", async () => {
    const { resources } = await recordLab();
    const components = resources.filter(({ type }) => type.startsWith("provenet:"));
    expect(components).to.have.length.above(8);
    for (const { name, inputs } of components) expect(inputs, name).to.deep.equal({});
  });

  it("pins every image", async () => {
    const imagesOf = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) =>
            key === "image" && typeof inner === "string" ? [inner] : imagesOf(inner),
          );
    for (const [{ resources }, pinned] of [
      [await recordDev(), /@sha256:[0-9a-f]{64}$/],
      [await recordLab(), /^provenet\.lab\/[a-z-]+:v?[\d.]+$/],
    ] as const) {
      const images = resources.flatMap(({ inputs }) => imagesOf(inputs));
      expect(images).to.have.length.above(5);
      for (const image of images) expect(image).to.match(pinned);
    }
  });
});
