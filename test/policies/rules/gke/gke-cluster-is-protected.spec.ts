import { expect } from "chai";

import { gkeClusterIsProtected as rule } from "../../../../policies/rules/gke/gke-cluster-is-protected.ts";
import { autopilot, gkeCluster } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

const key = ["deletionProtection"];

describe("gke-cluster-is-protected", () => {
  it("accepts a protected cluster, which is the provider's default", async () => {
    for (const value of [true, undefined, unknown]) {
      expect(await messagesOf(rule, changed(gkeCluster, key, value))).to.deep.equal([]);
    }
  });

  it("only warns, because a cluster must lose its protection before it can be deleted", () => {
    expect(rule.enforcementLevel).to.equal("advisory");
  });

  it("warns about a cluster without protection", async () => {
    for (const cluster of [gkeCluster, autopilot]) {
      expect(await messagesOf(rule, changed(cluster, key, false))).to.deep.equal([
        "deletionProtection is false, so an update that replaces the cluster deletes it. Fix: set true, or the resource option protect",
      ]);
    }
  });

  it("accepts a cluster that Pulumi protects", async () => {
    const cluster = { ...changed(gkeCluster, key, false), protect: true };
    expect(await messagesOf(rule, cluster)).to.deep.equal([]);
  });

  it("ignores other kinds", async () => {
    expect(await messagesOf(rule, changed(deployment, key, false))).to.deep.equal([]);
  });
});
