import { expect } from "chai";

import { gkeNodesAreShielded as rule } from "../../../../policies/rules/gke/gke-nodes-are-shielded.ts";
import { autopilot, gkeCluster, nodePlaces, pathOf } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

describe("gke-nodes-are-shielded", () => {
  for (const [place, subject, , config] of nodePlaces) {
    const shield = [...config, "shieldedInstanceConfig"];
    const secureBoot = [...shield, "enableSecureBoot"];
    const monitoring = [...shield, "enableIntegrityMonitoring"];

    it(`accepts ${place} with both`, async () => {
      expect(await messagesOf(rule, subject)).to.deep.equal([]);
    });

    it(`rejects ${place} without secure boot, which is off by default`, async () => {
      for (const value of [false, undefined]) {
        expect(await messagesOf(rule, changed(subject, secureBoot, value))).to.deep.equal([
          `${pathOf(secureBoot)} is ${value === false ? "false" : "not set"}. Fix: set true`,
        ]);
      }
      expect(await messagesOf(rule, changed(subject, shield, undefined))).to.have.length(1);
    });

    it(`rejects ${place} without integrity monitoring, which is on by default`, async () => {
      expect(await messagesOf(rule, changed(subject, monitoring, false))).to.deep.equal([
        `${pathOf(monitoring)} is false. Fix: set true`,
      ]);
      expect(await messagesOf(rule, changed(subject, monitoring, undefined))).to.deep.equal([]);
    });

    it(`accepts unknown values of ${place}`, async () => {
      for (const keys of [secureBoot, monitoring, shield, config]) {
        expect(await messagesOf(rule, changed(subject, keys, unknown))).to.deep.equal([]);
      }
    });
  }

  it("rejects a cluster whose nodes are not shielded", async () => {
    const key = ["enableShieldedNodes"];
    expect(await messagesOf(rule, changed(gkeCluster, key, false))).to.deep.equal([
      "enableShieldedNodes is false. Fix: set true, or remove it",
    ]);
    for (const value of [undefined, unknown]) {
      expect(await messagesOf(rule, changed(gkeCluster, key, value))).to.deep.equal([]);
    }
  });

  it("ignores the nodes of Autopilot and other kinds", async () => {
    expect(await messagesOf(rule, autopilot)).to.deep.equal([]);
    expect(await messagesOf(rule, deployment)).to.deep.equal([]);
  });
});
