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
const ask = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const violation = {
  message:
    'no L2Advertisement selects the pool home, so nothing answers ARP for its addresses; set spec.ipAddressPools of one in its namespace to ["home"]',
  resource: "home-pool",
};

describe("pool-is-advertised", () => {
  for (const [what, spec] of [
    ["by its name", { ipAddressPools: ["other", "home"] }],
    ["by its label", { ipAddressPoolSelectors: [{ matchLabels: { site: "a" } }] }],
    ["by one of two selectors", { ipAddressPoolSelectors: [{ matchLabels: { site: "b" } }, {}] }],
    [
      "by name though a selector passes it by",
      {
        ipAddressPools: ["home"],
        ipAddressPoolSelectors: [{ matchLabels: { site: "b" } }],
      },
    ],
    ["by one that selects all", {}],
    ["by one with empty lists, which selects all", { ipAddressPools: [] }],
    ["by one without a spec, which selects all", undefined],
    ["by one of which nobody knows yet what it selects", { ipAddressPools: unknown }],
    ["by one of which nothing is known yet", unknown],
  ] as const) {
    it(`takes a pool selected ${what}`, async () => {
      expect(await ask(pool, advertisement(spec))).to.deep.equal([]);
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
  ] as const) {
    const not = selects ? "" : "not ";
    it(`knows that site ${operator} ${JSON.stringify(values ?? [])} does ${not}select`, async () => {
      const expression = { key: "site", operator, ...(values === undefined ? {} : { values }) };
      const spec = { ipAddressPoolSelectors: [{ matchExpressions: [expression] }] };
      expect(await ask(pool, advertisement(spec))).to.have.length(selects ? 0 : 1);
    });
  }

  it("refuses a pool that nothing selects", async () => {
    expect(await ask(pool)).to.deep.equal([violation]);
    expect(await ask(pool, advertisement({ ipAddressPools: ["other"] }))).to.deep.equal([
      violation,
    ]);
    const selectors = { ipAddressPoolSelectors: [{ matchLabels: { site: "b" } }] };
    expect(await ask(pool, advertisement(selectors))).to.deep.equal([violation]);
  });

  it("refuses an advertisement in another namespace", async () => {
    const elsewhere = changed(advertisement({}), ["metadata", "namespace"], "default");
    expect(await ask(pool, elsewhere)).to.deep.equal([violation]);
    const later = changed(elsewhere, ["metadata", "namespace"], unknown);
    expect(await ask(pool, later)).to.deep.equal([]);
  });

  it("takes an unknown name for the pool that the advertisement depends on", async () => {
    const unnamed = changed(pool, ["metadata", "name"], undefined);
    const other = { ...unnamed, name: "other-pool" };
    const spec = { ipAddressPools: [unknown] };
    expect(await ask(unnamed, other, advertisement(spec))).to.deep.equal([]);

    const found = await ask(unnamed, other, advertisement(spec, { dependsOn: ["home-pool"] }));
    expect(found.map(({ resource }) => resource)).to.deep.equal(["other-pool"]);
  });

  it("does not take a BGPAdvertisement for one", async () => {
    const bgp = advertisement({}, { type: "kubernetes:metallb.io/v1beta1:BGPAdvertisement" });
    expect(await ask(pool, bgp)).to.deep.equal([violation]);
  });

  it("says nothing of other kinds", async () => {
    const other = { ...pool, type: "kubernetes:crd.projectcalico.org/v1:IPPool" };
    expect(await ask(other, advertisement({ ipAddressPools: ["x"] }))).to.deep.equal([]);
  });
});
