import { expect } from "chai";

import { poolIsAdvertised as rule } from "../../../../policies/rules/addresses/pool-is-advertised.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const namespace = "metallb-system";
const pool: Subject = {
  type: "kubernetes:metallb.io/v1beta1:IPAddressPool",
  name: "home-pool",
  props: { metadata: { name: "home", namespace, labels: { site: "a" } }, spec: {} },
};
const advertisement = (spec: unknown, of: Partial<Subject> = {}): Subject => ({
  type: "kubernetes:metallb.io/v1beta1:L2Advertisement",
  name: "home-l2",
  props: { metadata: { namespace }, spec },
  ...of,
});
const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const violation = {
  message:
    'no L2Advertisement selects the pool home, so nothing answers ARP for its addresses. Fix: set spec.ipAddressPools of an L2Advertisement in its namespace to ["home"]',
  resource: "home-pool",
};

describe("pool-is-advertised", () => {
  for (const [what, spec] of [
    ["by its name", { ipAddressPools: ["other", "home"] }],
    ["by its label", { ipAddressPoolSelectors: [{ matchLabels: { site: "a" } }] }],
    ["by one of two selectors", { ipAddressPoolSelectors: [{ matchLabels: { site: "b" } }, {}] }],
    [
      "by name although a selector does not match",
      {
        ipAddressPools: ["home"],
        ipAddressPoolSelectors: [{ matchLabels: { site: "b" } }],
      },
    ],
    ["by an advertisement that selects all", {}],
    ["by an advertisement with empty lists, which selects all", { ipAddressPools: [] }],
    ["by an advertisement without a spec, which selects all", undefined],
    ["by unknown names", { ipAddressPools: unknown }],
    ["by an unknown spec", unknown],
  ] as const) {
    it(`accepts a pool selected ${what}`, async () => {
      expect(await run(pool, advertisement(spec))).to.deep.equal([]);
    });
  }

  for (const [operator, values, selects] of [
    ["In", ["a", "b"], true],
    ["In", ["b"], false],
    ["NotIn", ["b"], true],
    ["NotIn", ["a"], false],
    ["Exists", undefined, true],
    ["DoesNotExist", undefined, false],
    ["In", [unknown], true],
    ["In", unknown, true],
    ["NotIn", ["a", unknown], false],
    ["NotIn", unknown, true],
    [unknown, ["b"], true],
  ] as const) {
    const not = selects ? "" : "not ";
    it(`finds that site ${operator} ${JSON.stringify(values ?? [])} does ${not}select`, async () => {
      const expression = { key: "site", operator, ...(values === undefined ? {} : { values }) };
      const spec = { ipAddressPoolSelectors: [{ matchExpressions: [expression] }] };
      expect(await run(pool, advertisement(spec))).to.have.length(selects ? 0 : 1);
    });
  }

  it("rejects a pool that nothing selects", async () => {
    expect(await run(pool)).to.deep.equal([violation]);
    expect(await run(pool, advertisement({ ipAddressPools: ["other"] }))).to.deep.equal([
      violation,
    ]);
    const selectors = { ipAddressPoolSelectors: [{ matchLabels: { site: "b" } }] };
    expect(await run(pool, advertisement(selectors))).to.deep.equal([violation]);
  });

  it("rejects an advertisement in another namespace", async () => {
    const elsewhere = changed(advertisement({}), ["metadata", "namespace"], "default");
    expect(await run(pool, elsewhere)).to.deep.equal([violation]);
    const later = changed(elsewhere, ["metadata", "namespace"], unknown);
    expect(await run(pool, later)).to.deep.equal([]);
  });

  it("accepts an unknown name for the pool that the advertisement depends on", async () => {
    const unnamed = changed(pool, ["metadata", "name"], undefined);
    const other = { ...unnamed, name: "other-pool" };
    const spec = { ipAddressPools: [unknown] };
    expect(await run(unnamed, other, advertisement(spec))).to.deep.equal([]);

    const found = await run(unnamed, other, advertisement(spec, { dependsOn: ["home-pool"] }));
    expect(found.map(({ resource }) => resource)).to.deep.equal(["other-pool"]);
  });

  it("rejects a BGPAdvertisement instead", async () => {
    const bgp = advertisement({}, { type: "kubernetes:metallb.io/v1beta1:BGPAdvertisement" });
    expect(await run(pool, bgp)).to.deep.equal([violation]);
  });

  it("ignores other kinds", async () => {
    const other = { ...pool, type: "kubernetes:crd.projectcalico.org/v1:IPPool" };
    expect(await run(other, advertisement({ ipAddressPools: ["x"] }))).to.deep.equal([]);
  });
});
