import { expect } from "chai";

import { gkeIsVpcNative as rule } from "../../../../policies/rules/gke/gke-is-vpc-native.ts";
import { autopilot, gkeCluster, gkePool } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

describe("gke-is-vpc-native", () => {
  it("accepts a cluster with ranges, and one that leaves them to GKE", async () => {
    expect(await messagesOf(rule, gkeCluster)).to.deep.equal([]);
    expect(await messagesOf(rule, changed(gkeCluster, ["ipAllocationPolicy"], undefined))).to.be
      .empty;
    expect(await messagesOf(rule, autopilot)).to.deep.equal([]);
  });

  it("rejects a cluster with routes", async () => {
    expect(await messagesOf(rule, changed(gkeCluster, ["networkingMode"], "ROUTES"))).to.deep.equal(
      ["networkingMode is ROUTES. Fix: set VPC_NATIVE, or remove it"],
    );
  });

  it("rejects a pod network without an allocation policy", async () => {
    const routed = changed(gkeCluster, ["ipAllocationPolicy"], undefined);
    const network = ["clusterIpv4Cidr"];
    expect(await messagesOf(rule, changed(routed, network, "10.8.0.0/14"))).to.deep.equal([
      "clusterIpv4Cidr is 10.8.0.0/14, which gives the cluster no alias addresses. Fix: remove it and set ipAllocationPolicy",
    ]);
    expect(await messagesOf(rule, changed(gkeCluster, network, "10.8.0.0/14"))).to.be.empty;
    expect(await messagesOf(rule, changed(routed, network, unknown))).to.deep.equal([]);
  });

  it("accepts unknown values and ignores other kinds", async () => {
    for (const key of ["networkingMode", "ipAllocationPolicy"]) {
      expect(await messagesOf(rule, changed(gkeCluster, [key], unknown))).to.deep.equal([]);
    }
    for (const other of [gkePool, deployment]) {
      expect(await messagesOf(rule, changed(other, ["networkingMode"], "ROUTES"))).to.be.empty;
    }
  });
});
