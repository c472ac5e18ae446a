import { expect } from "chai";

import { calicoPoolHasEffect as rule } from "../../../../policies/rules/gke/calico-pool-has-effect.ts";
import { autopilot, gkeCluster } from "../../gke.ts";
import { changed, deployment, violationsOf, type Subject } from "../../support.ts";

const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const pool: Subject = {
  type: "kubernetes:crd.projectcalico.org/v1:IPPool",
  name: "pool",
  props: { spec: { cidr: "10.9.0.0/16" } },
};

describe("calico-pool-has-effect", () => {
  it("rejects an IPPool in a stack with a GKE cluster", async () => {
    for (const type of [pool.type, "kubernetes:projectcalico.org/v3:IPPool"]) {
      expect(await run(gkeCluster, { ...pool, type })).to.deep.equal([
        { message: "pods in GKE get no address from an IPPool. Fix: remove it", resource: "pool" },
      ]);
    }
  });

  it("leaves Dataplane V2 to its own rule", async () => {
    const v2 = changed(gkeCluster, ["datapathProvider"], "ADVANCED_DATAPATH");
    expect(await run(v2, pool)).to.deep.equal([]);
    expect(await run(autopilot, pool)).to.deep.equal([]);
  });

  it("accepts an IPPool that may be in another cluster, and other objects", async () => {
    const minikube = { type: "provenet:cluster:MinikubeCluster", name: "minikube", props: {} };
    expect(await run(gkeCluster, minikube, pool)).to.deep.equal([]);
    expect(await run(minikube, pool)).to.deep.equal([]);
    expect(await run(gkeCluster, deployment)).to.deep.equal([]);
  });
});
