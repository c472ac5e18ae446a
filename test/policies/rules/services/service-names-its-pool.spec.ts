import { expect } from "chai";

import { serviceNamesItsPool as rule } from "../../../../policies/rules/services/service-names-its-pool.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const pool = (name: unknown): Subject => ({
  type: "kubernetes:metallb.io/v1beta1:IPAddressPool",
  name: "pool",
  props: { metadata: { name }, spec: {} },
});
const service: Subject = {
  type: "kubernetes:core/v1:Service",
  name: "web",
  props: {
    metadata: { annotations: { "metallb.io/address-pool": "home" } },
    spec: { type: "LoadBalancer" },
  },
};
const annotations = ["metadata", "annotations"];
const named = (key: string, value: unknown) => changed(service, annotations, { [key]: value });
const ask = (subject: Subject, configuration: object = {}, home: Subject = pool("home")) =>
  violationsOf(rule, [home, subject], configuration);

describe("service-names-its-pool", () => {
  it("takes a pool that is there", async () => {
    expect(await ask(service)).to.deep.equal([]);
  });

  it("takes the old prefix", async () => {
    expect(await ask(named("metallb.universe.tf/address-pool", "home"))).to.deep.equal([]);
  });

  for (const [what, value] of [
    ["no annotations", undefined],
    ["an annotation for something else", { "metallb.io/allow-shared-ip": "key" }],
    ["an empty name", { "metallb.io/address-pool": "" }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await ask(changed(service, annotations, value))).to.deep.equal([
        {
          message: 'metadata.annotations["metallb.io/address-pool"] is not set; set home',
          resource: "web",
        },
      ]);
    });
  }

  it("refuses a name that no pool has", async () => {
    const [violation] = await ask(named("metallb.io/address-pool", "hom"));
    expect(violation?.message).to.equal(
      'metadata.annotations["metallb.io/address-pool"] is hom, which is no pool; set home',
    );
  });

  it("waits for names that nobody knows yet", async () => {
    expect(await ask(named("metallb.io/address-pool", unknown))).to.deep.equal([]);
    expect(await ask(changed(service, annotations, unknown))).to.deep.equal([]);
    const other = named("metallb.io/address-pool", "other");
    expect(await ask(other, {}, pool(unknown))).to.deep.equal([]);
    expect(await ask(other, {}, pool(undefined))).to.deep.equal([]);
    expect(await ask(other)).to.have.length(1);
  });

  it("knows the pools outside the stack that the configuration names", async () => {
    const other = named("metallb.io/address-pool", "other");
    expect(await ask(other, { poolsOutside: ["other"] })).to.deep.equal([]);
    const [violation] = await ask(other, { poolsOutside: ["third"] });
    expect(violation?.message).to.contain("set home or third");
  });

  it("asks only where MetalLB serves", async () => {
    const bare = changed(service, annotations, undefined);
    expect(await violationsOf(rule, [bare])).to.deep.equal([]);
    expect(await ask(bare, { servedBy: "cloud" })).to.deep.equal([]);
    const [violation] = await violationsOf(rule, [bare], { servedBy: "metallb" });
    expect(violation?.message).to.contain("is not set; set the pool's name");
  });

  it("leaves Services of another class and of another type alone", async () => {
    const bare = changed(service, annotations, undefined);
    expect(await ask(changed(bare, ["spec", "loadBalancerClass"], "example/lb"))).to.be.empty;
    expect(await ask(changed(bare, ["spec", "type"], "ClusterIP"))).to.deep.equal([]);
    expect(await ask(changed(bare, ["spec", "type"], undefined))).to.deep.equal([]);
    expect(await ask(changed(bare, ["spec", "type"], unknown))).to.deep.equal([]);
    expect(await ask({ ...bare, type: "kubernetes:core/v1:ServiceList" })).to.deep.equal([]);
  });
});
