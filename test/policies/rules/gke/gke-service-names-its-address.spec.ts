import { expect } from "chai";

import { gkeServiceNamesItsAddress as rule } from "../../../../policies/rules/gke/gke-service-names-its-address.ts";
import { gkeCluster } from "../../gke.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const annotation = "networking.gke.io/load-balancer-ip-addresses";
const reader = "cloud.google.com/l4-rbs";
const path = `metadata.annotations["${annotation}"]`;
const service: Subject = {
  type: "kubernetes:core/v1:Service",
  name: "service",
  props: {
    metadata: { annotations: { [annotation]: "web", [reader]: "enabled" } },
    spec: { type: "LoadBalancer" },
  },
};
const address: Subject = {
  type: "gcp:compute/address:Address",
  name: "address",
  props: { name: "web", region: "europe-west1" },
};
const run = async (...subjects: readonly Subject[]) =>
  (await violationsOf(rule, [gkeCluster, ...subjects])).map(({ message }) => message);
const named = (name: unknown) => changed(service, ["metadata", "annotations", annotation], name);

describe("gke-service-names-its-address", () => {
  it("accepts a Service with a reserved address", async () => {
    expect(await run(service, address)).to.deep.equal([]);
    const six = { ...changed(address, ["name"], "six"), name: "six" };
    expect(await run(named("web, six"), address, six)).to.deep.equal([]);
  });

  it("rejects a Service without an address", async () => {
    for (const name of [undefined, ""]) {
      expect(await run(named(name), address)).to.deep.equal([`${path} is not set. Fix: set web`]);
    }
    expect(await run(changed(service, ["metadata"], undefined))).to.deep.equal([
      `${path} is not set. Fix: set the name of a gcp.compute.Address`,
    ]);
  });

  it("rejects an address that nobody reserves", async () => {
    for (const name of ["wev", "web,wev"]) {
      expect(await run(named(name), address)).to.deep.equal([
        `${path} names wev, which no resource reserves. Fix: set web`,
      ]);
    }
  });

  it("adds the addresses of its settings", async () => {
    const settings = { addressesOutside: ["other"] };
    const subjects = [gkeCluster, named("other"), address];
    expect(await violationsOf(rule, subjects, settings)).to.deep.equal([]);
    expect(await violationsOf(rule, subjects)).to.have.length(1);
  });

  it("rejects a load balancer that ignores the name", async () => {
    for (const value of [undefined, "disabled"]) {
      const without = changed(service, ["metadata", "annotations", reader], value);
      expect(await run(without, address)).to.deep.equal([
        `metadata.annotations["${reader}"] is ${value ?? "not set"}, so the load balancer ignores ${path}. Fix: set enabled`,
      ]);
      const type = ["metadata", "annotations", "networking.gke.io/load-balancer-type"];
      expect(await run(changed(without, type, "Internal"), address)).to.deep.equal([]);
      const ofClass = changed(without, ["spec", "loadBalancerClass"], "networking.gke.io/l4");
      expect(await run(ofClass, address)).to.deep.equal([]);
    }
  });

  it("accepts a fixed address", async () => {
    const fixed = changed(named(undefined), ["spec", "loadBalancerIP"], "203.0.113.7");
    expect(await run(fixed)).to.deep.equal([]);
  });

  it("accepts unknown values", async () => {
    expect(await run(named(unknown), address)).to.deep.equal([]);
    expect(await run(named("wev"), changed(address, ["name"], unknown))).to.deep.equal([]);
    expect(await run(changed(service, ["metadata", "annotations", reader], unknown))).to.be.empty;
    const fixed = changed(named(undefined), ["spec", "loadBalancerIP"], unknown);
    expect(await run(fixed)).to.deep.equal([]);
    expect(await run(changed(service, ["spec"], unknown))).to.deep.equal([]);
  });

  it("ignores other Services, and Services of other clusters", async () => {
    expect(await run(changed(named(undefined), ["spec", "type"], "ClusterIP"))).to.deep.equal([]);
    expect(await violationsOf(rule, [named(undefined)])).to.deep.equal([]);
    const minikube = { type: "provenet:cluster:MinikubeCluster", name: "minikube", props: {} };
    expect(await run(named(undefined), minikube)).to.deep.equal([]);
  });
});
