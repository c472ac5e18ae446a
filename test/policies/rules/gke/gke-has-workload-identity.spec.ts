import { expect } from "chai";

import { gkeHasWorkloadIdentity as rule } from "../../../../policies/rules/gke/gke-has-workload-identity.ts";
import { autopilot, gkeCluster, nodePlaces, pathOf } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

const workloadPool = ["workloadIdentityConfig", "workloadPool"];

describe("gke-has-workload-identity", () => {
  it("accepts a cluster with a workload pool, also an unknown one", async () => {
    expect(await messagesOf(rule, gkeCluster)).to.deep.equal([]);
    for (const keys of [workloadPool, ["workloadIdentityConfig"], ["enableAutopilot"]]) {
      const without = changed(gkeCluster, workloadPool, undefined);
      expect(await messagesOf(rule, changed(without, keys, unknown))).to.deep.equal([]);
    }
  });

  it("rejects a cluster without a workload pool", async () => {
    for (const keys of [workloadPool, ["workloadIdentityConfig"]]) {
      expect(await messagesOf(rule, changed(gkeCluster, keys, undefined))).to.deep.equal([
        "workloadIdentityConfig.workloadPool is not set. Fix: set PROJECT.svc.id.goog",
      ]);
    }
    expect(await messagesOf(rule, changed(gkeCluster, workloadPool, ""))).to.have.length(1);
  });

  for (const [place, subject, , config] of nodePlaces.filter(([, , pool]) => pool.length !== 2)) {
    const mode = [...config, "workloadMetadataConfig", "mode"];

    for (const value of ["GCE_METADATA", "UNSPECIFIED", "MODE_UNSPECIFIED"]) {
      it(`rejects the mode ${value} of ${place}`, async () => {
        expect(await messagesOf(rule, changed(subject, mode, value))).to.deep.equal([
          `${pathOf(mode)} is ${value}. Fix: set GKE_METADATA`,
        ]);
      });
    }

    it(`accepts ${place} with the GKE metadata server, which is the default`, async () => {
      for (const value of ["GKE_METADATA", undefined, unknown]) {
        expect(await messagesOf(rule, changed(subject, mode, value))).to.deep.equal([]);
      }
    });
  }

  it("ignores Autopilot, which has both, and other kinds", async () => {
    expect(await messagesOf(rule, autopilot)).to.deep.equal([]);
    expect(await messagesOf(rule, deployment)).to.deep.equal([]);
  });
});
