import { expect } from "chai";

import { judgeNeighbour } from "../../../probe/hops/clientNeighbour.ts";

const way = { dst: "10.9.2.2", gateway: "10.9.1.1", dev: "c0", flags: [] };
const entry = (...state: string[]) => [{ dst: "10.9.1.1", dev: "c0", state }];

describe("the client's neighbour", () => {
  for (const state of ["REACHABLE", "STALE", "DELAY", "PROBE", "PERMANENT", "NOARP"]) {
    it(`is in order when its entry is ${state}`, () => {
      expect(judgeNeighbour(way, "10.9.2.2", entry(state), false).state).to.equal("ok");
    });
  }

  for (const state of ["FAILED", "INCOMPLETE"]) {
    it(`is broken when its entry is ${state}, and the gateway is named`, () => {
      const finding = judgeNeighbour(way, "10.9.2.2", entry(state), true);
      expect(finding).to.include({ state: "broken", counts: "silence" });
      expect(finding).to.have.property("why").that.contains(`the gateway 10.9.1.1`);
      expect(finding).not.to.have.property("yieldsTo");
    });
  }

  it("is unknown without an entry", () => {
    expect(judgeNeighbour(way, "10.9.2.2", [], false).state).to.equal("unknown");
  });

  it("yields to the address's own hop when it is the Service's address itself", () => {
    const onLink = { dst: "10.9.1.1", dev: "c0", flags: [] };
    const failed = entry("FAILED");
    expect(judgeNeighbour(onLink, "10.9.1.1", failed, true)).to.have.property("yieldsTo", 9);
    expect(judgeNeighbour(onLink, "10.9.1.1", failed, false)).not.to.have.property("yieldsTo");
  });
});
