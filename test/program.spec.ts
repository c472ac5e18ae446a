import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";

import { recordProgram, treeOf } from "./support/program.ts";
import { named } from "./support/recording.ts";

/** What the lab's machine knows. */
const router = "netns:/run/netns/provenet-router";
const machine = { router, vantageIds: { host: "net:[1]", [router]: "net:[2]" } };
const recordLab = () => recordProgram("lab", {}, machine);

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
    const { resources } = await recordLab();
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
      await recordProgram("dev", { images: { source: "hub" }, network: { pools: [] } });
    } catch (error) {
      message = String(error);
    }
    expect(message).to.match(/3 faults in the configuration of stack "dev" \(Pulumi\.dev\.yaml\)/);
    expect(message).to.match(/provenet:images\.source: got "hub"/);
    expect(message).to.match(/provenet:network\.pools: got \[\]/);
  });

  it("gives outputs that come from checks, and the questions to ask again", async () => {
    const { result } = await recordLab();
    const common = { service: { namespace: "web", name: "web-load-balancer" }, router };
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
          router,
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

  it("sets each route after the cluster, and again when its vantage is recreated", async () => {
    const { resources } = await recordLab();
    const names = resources.map(({ name }) => name);
    for (const [name, id] of [
      ["route-host-172.17.255.0-24-route", "net:[1]"],
      ["route-router-172.17.255.0-24-route", "net:[2]"],
    ] as const) {
      expect(names.indexOf(name), name).to.be.above(names.indexOf("cluster-minikube"));
      const environment = named(resources, name).inputs.environment as Record<string, string>;
      expect(environment.PROVENET_CLIENT_FACTS).to.equal(`["${id}","uid-of-the-cluster"]`);
    }
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
    for (const [stack, pinned] of [
      ["dev", /@sha256:[0-9a-f]{64}$/],
      ["lab", /^provenet\.lab\/[a-z-]+:v?[\d.]+$/],
    ] as const) {
      const { resources } = await recordProgram(stack, {}, machine);
      const images = resources.flatMap(({ inputs }) => imagesOf(inputs));
      expect(images).to.have.length.above(5);
      for (const image of images) expect(image).to.match(pinned);
    }
  });
});
