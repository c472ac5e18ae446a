import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";

import { recordProgram, treeOf } from "./support/program.ts";
import { named } from "./support/recording.ts";

/** What the lab puts over a stack's own configuration. */
const lab = {
  imageSource: "lab",
  pools: [
    { name: "home", addresses: ["192.168.49.200-192.168.49.239"] },
    { name: "routed", addresses: ["172.17.255.0/24"] },
  ],
  web: { pool: "routed", host: "web.provenet.test", replicas: 2 },
  routes: [
    { on: "host", to: "192.168.49.0/24", via: "192.168.75.11", since: "net:[1]" },
    { on: "host", to: "172.17.255.0/24", via: "192.168.75.11", since: "net:[1]" },
    { on: "netns:/run/netns/provenet-lab", to: "172.17.255.0/24", via: "192.168.49.2" },
  ],
  router: "netns:/run/netns/provenet-lab",
};

/** Compares with the golden file; `UPDATE_GOLDEN=1` writes it instead, for a change that is meant. */
function expectGolden(file: string, text: string): void {
  const path = `test/golden/${file}`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  expect(text).to.equal(readFileSync(path, "utf8"));
}

describe("the program", () => {
  it("makes the dev stack's tree of resources", async () => {
    const { resources } = await recordProgram("dev");
    expectGolden("dev.txt", treeOf(resources));
  });

  it("makes the lab's tree of resources", async () => {
    const { resources } = await recordProgram("dev", lab);
    expectGolden("lab.txt", treeOf(resources));
  });

  it("ends at a clear not-yet for gke, before any resource", async () => {
    let message = "";
    try {
      await recordProgram("gke");
    } catch (error) {
      message = String(error);
    }
    expect(message).to.match(
      /"provenet" in europe-west1-b is not yet .*set provenet:cluster to kind/,
    );
  });

  it("rejects a wrong configuration with every fault at once", async () => {
    let message = "";
    try {
      await recordProgram("dev", { imageSource: "hub", pools: [] });
    } catch (error) {
      message = String(error);
    }
    expect(message).to.match(/2 faults in the configuration of stack "dev" \(Pulumi\.dev\.yaml\)/);
    expect(message).to.match(/provenet:imageSource: got "hub"/);
    expect(message).to.match(/provenet:pools: got \[\]/);
  });

  it("gives outputs that come from checks, and the questions to ask again", async () => {
    const { result } = await recordProgram("dev", lab);
    const common = { service: { namespace: "web", name: "web-load-balancer" }, router: lab.router };
    expect({ ...result }).to.deep.equal({
      webUrl: "http://192.0.2.7/",
      ingressUrl: "http://web.provenet.test/",
      addresses: { web: "192.0.2.7", ingress: "192.0.2.8" },
      checks: [
        { ask: "route", name: "check-web-route", ...common, address: "192.0.2.7", port: 80 },
        {
          ask: "http",
          name: "check-web-page",
          ...common,
          url: "http://192.0.2.7/",
          status: 200,
          body: "provenet web",
        },
        {
          ask: "http",
          name: "check-web-ingress",
          router: lab.router,
          service: { namespace: "ingress-nginx", name: "ingress-nginx-controller" },
          url: "http://web.provenet.test/",
          address: "192.0.2.8",
          status: 200,
          body: "provenet web",
        },
      ],
      kubeconfigPath: "kubeconfig-path",
      kubeconfig: "the secret kubeconfig",
    });
  });

  it("puts routes to the nodes before the cluster, and those through a node after it", async () => {
    const { resources } = await recordProgram("dev", lab);
    const order = resources.map(({ name }) => name);
    const [toNodes, cluster, toPool] = [
      "route-host-192.168.49.0-24-route",
      "cluster-minikube",
      "route-netns-run-netns-provenet-lab-172.17.255.0-24-route",
    ].map((name) => order.indexOf(name));
    expect(toNodes)
      .to.be.above(-1)
      .and.below(cluster ?? 0);
    expect(toPool).to.be.above(cluster ?? 0);
  });

  it("tells a route in which life of its vantage it belongs", async () => {
    const { resources } = await recordProgram("dev", lab);
    const facts = (name: string) =>
      (named(resources, name).inputs.environment as Record<string, string>).PROVENET_CLIENT_FACTS;
    expect(facts("route-host-192.168.49.0-24-route")).to.equal('["net:[1]"]');
  });

  it("makes everything in the cluster by its one provider, and lets it go with the cluster", async () => {
    const { resources } = await recordProgram("dev");
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).to.have.length.above(30);
    for (const { name, provider, parent = "" } of objects) {
      expect({ name, provider }).to.deep.equal({ name, provider: "cluster-provider" });
      // The engine hands it on from a component to its children.
      expect(named(resources, parent).deletedWith, parent).to.equal("cluster-identity");
    }
  });

  it("pins every image", async () => {
    const imagesOf = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) =>
            key === "image" && typeof inner === "string" ? [inner] : imagesOf(inner),
          );
    for (const [overlay, pinned] of [
      [{}, /@sha256:[0-9a-f]{64}$/],
      [lab, /^provenet\.lab\/[a-z-]+:v?[\d.]+$/],
    ] as const) {
      const { resources } = await recordProgram("dev", overlay);
      const images = resources.flatMap(({ inputs }) => imagesOf(inputs));
      expect(images).to.have.length.above(5);
      for (const image of images) expect(image).to.match(pinned);
    }
  });
});
