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
const run = (subject: Subject, configuration: object = {}, home: Subject = pool("home")) =>
  violationsOf(rule, [home, subject], configuration);

describe("service-names-its-pool", () => {
  it("accepts an existing pool", async () => {
    expect(await run(service)).to.deep.equal([]);
  });

  it("accepts the deprecated prefix", async () => {
    expect(await run(named("metallb.universe.tf/address-pool", "home"))).to.deep.equal([]);
  });

  for (const [what, value] of [
    ["no annotations", undefined],
    ["an annotation for something else", { "metallb.io/allow-shared-ip": "key" }],
    ["an empty name", { "metallb.io/address-pool": "" }],
  ] as const) {
    it(`rejects ${what}`, async () => {
      expect(await run(changed(service, annotations, value))).to.deep.equal([
        {
          message: 'metadata.annotations["metallb.io/address-pool"] is not set. Fix: set home',
          resource: "web",
        },
      ]);
    });
  }

  it("rejects a name that no pool has", async () => {
    const [violation] = await run(named("metallb.io/address-pool", "hom"));
    expect(violation?.message).to.equal(
      'metadata.annotations["metallb.io/address-pool"] is hom, which is no pool. Fix: set home',
    );
  });

  it("accepts unknown names", async () => {
    expect(await run(named("metallb.io/address-pool", unknown))).to.deep.equal([]);
    expect(await run(changed(service, annotations, unknown))).to.deep.equal([]);
    const other = named("metallb.io/address-pool", "other");
    expect(await run(other, {}, pool(unknown))).to.deep.equal([]);
    expect(await run(other, {}, pool(undefined))).to.deep.equal([]);
    expect(await run(other)).to.have.length(1);
  });

  it("accepts the pools that its settings name", async () => {
    const other = named("metallb.io/address-pool", "other");
    expect(await run(other, { poolsOutside: ["other"] })).to.deep.equal([]);
    const [violation] = await run(other, { poolsOutside: ["third"] });
    expect(violation?.message).to.contain("set home or third");
  });

  it("checks only Services that MetalLB serves", async () => {
    const bare = changed(service, annotations, undefined);
    expect(await violationsOf(rule, [bare])).to.deep.equal([]);
    expect(await run(bare, { servedBy: "cloud" })).to.deep.equal([]);
    const [violation] = await violationsOf(rule, [bare], { servedBy: "metallb" });
    expect(violation?.message).to.contain("is not set. Fix: set the pool's name");
  });

  it("ignores Services of another class or type", async () => {
    const bare = changed(service, annotations, undefined);
    expect(await run(changed(bare, ["spec", "loadBalancerClass"], "example/lb"))).to.be.empty;
    expect(await run(changed(bare, ["spec", "type"], "ClusterIP"))).to.deep.equal([]);
    expect(await run(changed(bare, ["spec", "type"], undefined))).to.deep.equal([]);
    expect(await run(changed(bare, ["spec", "type"], unknown))).to.deep.equal([]);
    expect(await run({ ...bare, type: "kubernetes:core/v1:ServiceList" })).to.deep.equal([]);
  });
});
