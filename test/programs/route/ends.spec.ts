import { expect } from "chai";

import { usableEnds } from "../../../programs/route/apply.ts";

describe("the addresses that a route is proved for", () => {
  for (const [network, first, last] of [
    ["192.0.2.0/24", "192.0.2.1", "192.0.2.254"],
    ["192.0.2.0/30", "192.0.2.1", "192.0.2.2"],
    ["192.0.2.0/31", "192.0.2.0", "192.0.2.1"],
    ["192.0.2.7/32", "192.0.2.7", "192.0.2.7"],
    ["fd00::/126", "fd00::1", "fd00::3"],
  ] as const) {
    it(`are ${first} and ${last} of ${network}`, () => {
      expect(usableEnds(network)).to.deep.equal([first, last]);
    });
  }
});
