import { expect } from "chai";

import { type AddressFacts, judgeAddress } from "../../../probe/hops/address.ts";

const good: AddressFacts = {
  target: "192.0.2.7",
  service: {
    metadata: { name: "web", namespace: "web" },
    spec: { type: "LoadBalancer", clusterIP: "10.96.0.7" },
    status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } },
  },
  pools: [
    {
      metadata: { name: "home", namespace: "metallb-system", labels: { zone: "a" } },
      spec: { addresses: ["192.0.2.1-192.0.2.9"] },
    },
  ],
  advertisements: [advertisement({ ipAddressPools: ["home"] })],
  events: [],
};

type Advertisement = AddressFacts["advertisements"][number];

function advertisement(spec: Advertisement["spec"], namespace = "metallb-system"): Advertisement {
  return { metadata: { name: "home", namespace }, spec };
}

const judge = (facts: Partial<AddressFacts>) => judgeAddress("web/web", { ...good, ...facts });

describe("a Service's address", () => {
  it("is in order when a pool holds it and an advertisement selects the pool", () => {
    expect(judge({})).to.deep.equal({
      state: "ok",
      evidence: [
        "Service web/web of type LoadBalancer has 192.0.2.7",
        "pool home: 192.0.2.1-192.0.2.9",
        "advertised by home",
      ],
    });
  });

  const announced: readonly [string, Advertisement["spec"]][] = [
    ["has no spec, which selects all", undefined],
    ["has empty lists, which select all", { ipAddressPools: [], ipAddressPoolSelectors: [] }],
    ["matches a label", { ipAddressPoolSelectors: [{ matchLabels: { zone: "a" } }] }],
    [
      "matches an expression",
      {
        ipAddressPoolSelectors: [
          { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] },
        ],
      },
    ],
  ];
  for (const [what, spec] of announced) {
    it(`is in order when the advertisement ${what}`, () => {
      expect(judge({ advertisements: [advertisement(spec)] }).state).to.equal("ok");
    });
  }

  const silent: readonly [string, readonly Advertisement[]][] = [
    ["there is no advertisement", []],
    ["it names another pool", [advertisement({ ipAddressPools: ["other"] })]],
    [
      "its label is another",
      [advertisement({ ipAddressPoolSelectors: [{ matchLabels: { zone: "b" } }] })],
    ],
    ["it is in another namespace", [advertisement({ ipAddressPools: ["home"] }, "default")]],
    [
      "its expression excludes the pool",
      [
        advertisement({
          ipAddressPoolSelectors: [
            { matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] },
          ],
        }),
      ],
    ],
  ];
  for (const [what, advertisements] of silent) {
    it(`is broken when ${what}, and the pool is named`, () => {
      const finding = judge({ advertisements });
      expect(finding).to.include({ state: "broken", counts: "always" });
      expect(finding)
        .to.have.property("why")
        .that.contains("no L2Advertisement selects the pool home");
    });
  }

  const web = { metadata: { name: "web" }, spec: { type: "LoadBalancer" } };
  const faults: readonly [string, Partial<AddressFacts>, string][] = [
    ["there is no Service", { service: undefined }, "there is no Service web/web"],
    ["it is pending", { service: web }, "has no address yet"],
    [
      "it is pending, with the controller's own words",
      { service: web, events: [{ reason: "AllocationFailed", message: "no available IPs" }] },
      "AllocationFailed: no available IPs",
    ],
    ["it is another", { target: "192.0.2.8" }, "has the address 192.0.2.7, not 192.0.2.8"],
    ["no pool holds it", { pools: [] }, "no IPAddressPool contains 192.0.2.7"],
    [
      "it is of type ClusterIP",
      { service: { metadata: { name: "web" }, spec: {} } },
      "no address outside",
    ],
  ];
  for (const [what, facts, why] of faults) {
    it(`is broken when ${what}`, () => {
      expect(judge(facts)).to.have.property("why").that.contains(why);
    });
  }

  it("is in order without pools where MetalLB is not installed", () => {
    expect(judge({ pools: undefined, advertisements: [] }).state).to.equal("ok");
  });

  it("is in order when it is the cluster's own", () => {
    expect(judge({ target: "10.96.0.7" }).state).to.equal("ok");
  });
});
