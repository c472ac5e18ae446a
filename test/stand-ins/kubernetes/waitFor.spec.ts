import { expect } from "chai";

import type { Properties } from "../../../stand-ins/kit/values.ts";
import { waitForRule } from "../../../stand-ins/kubernetes/await/waitFor.ts";

const live: Properties = {
  metadata: { generation: 2 },
  status: {
    observedGeneration: 2,
    phase: "Bound",
    addresses: [{ ip: "192.0.2.1" }, { ip: "192.0.2.2" }],
    count: 3,
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Synced", status: "False", message: "no peer" },
      { type: "Old", status: "True", observedGeneration: 1 },
    ],
  },
};

describe("the annotation pulumi.com/waitFor", () => {
  const fulfilled = [
    "condition=Ready",
    "condition=ready=true",
    "condition=Synced=False",
    "jsonpath={.status.phase}=Bound",
    "jsonpath={ .status.phase }",
    "jsonpath={.status.addresses[1].ip}=192.0.2.2",
    "jsonpath={.status.addresses[*].ip}=192.0.2.1",
    "jsonpath={$.status['count']}=3",
    '["condition=Ready", "jsonpath={.status.phase}=Bound"]',
  ];
  for (const annotation of fulfilled) {
    it(`is fulfilled: ${annotation}`, async () => {
      expect(await waitForRule(annotation)(live)).to.deep.equal({ state: "ready" });
    });
  }

  const waiting: [string, string][] = [
    ["condition=Synced", "condition Synced is False, not True: no peer"],
    ["condition=Missing", "it has no condition Missing"],
    ["condition=Old", "the controller has not observed this change yet"],
    ["jsonpath={.status.phase}=Lost", ".status.phase is Bound, not Lost"],
    ["jsonpath={.status.none}", ".status.none is not there"],
    ['["condition=Ready", "condition=Synced"]', "condition Synced is False, not True: no peer"],
  ];
  for (const [annotation, why] of waiting) {
    it(`waits: ${annotation}`, async () => {
      expect(await waitForRule(annotation)(live)).to.deep.equal({ state: "waiting", why });
    });
  }

  it("waits until the controller has observed the change", async () => {
    const stale = { ...live, metadata: { generation: 3 } };
    const readiness = await waitForRule("jsonpath={.status.phase}=Bound")(stale);
    expect(readiness.state).to.equal("waiting");
  });

  for (const annotation of [
    "",
    "Ready",
    "jsonpath=.status",
    "[]",
    "[1]",
    "jsonpath={..x}",
    "jsonpath={.a[?(@.b)]}",
  ]) {
    it(`is refused: ${JSON.stringify(annotation)}`, () => {
      expect(() => waitForRule(annotation)).to.throw("pulumi.com/waitFor");
    });
  }
});
