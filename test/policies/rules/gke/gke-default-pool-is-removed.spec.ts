import { expect } from "chai";

import { gkeDefaultPoolIsRemoved as rule } from "../../../../policies/rules/gke/gke-default-pool-is-removed.ts";
import { autopilot, gkeCluster, gkePool, withInlinePool } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

const key = ["removeDefaultNodePool"];

describe("gke-default-pool-is-removed", () => {
  it("accepts a cluster that removes its default pool", async () => {
    expect(await messagesOf(rule, gkeCluster)).to.deep.equal([]);
  });

  it("warns about a default pool that stays", async () => {
    for (const value of [false, undefined]) {
      expect(await messagesOf(rule, changed(gkeCluster, key, value))).to.deep.equal([
        `removeDefaultNodePool is ${value === false ? "false" : "not set"}. Fix: set true, and create a gcp.container.NodePool`,
      ]);
    }
    expect(rule.enforcementLevel).to.equal("advisory");
  });

  it("warns about pools among the properties once", async () => {
    for (const pools of [[gkePool.props], [gkePool.props, gkePool.props]]) {
      expect(await messagesOf(rule, changed(withInlinePool, ["nodePools"], pools))).to.deep.equal([
        "nodePools lists pools. Fix: create a gcp.container.NodePool for each",
      ]);
    }
  });

  it("accepts unknown values, Autopilot, separate pools and other kinds", async () => {
    const kept = changed(gkeCluster, key, false);
    const accepted = [
      changed(gkeCluster, key, unknown),
      changed(kept, ["nodePools"], unknown),
      changed(kept, ["enableAutopilot"], unknown),
      autopilot,
      gkePool,
      deployment,
    ];
    for (const subject of accepted) expect(await messagesOf(rule, subject)).to.deep.equal([]);
  });
});
