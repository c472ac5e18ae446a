import { expect } from "chai";

import { metallbIsNotOnACloud as rule } from "../../../../policies/rules/gke/metallb-is-not-on-a-cloud.ts";
import { autopilot, gkeCluster } from "../../gke.ts";
import { deployment, violationsOf, type Subject } from "../../support.ts";

const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const object = (kind: string): Subject => ({
  type: `kubernetes:metallb.io/v1beta1:${kind}`,
  name: kind,
  props: {},
});
const minikube = { type: "provenet:cluster:MinikubeCluster", name: "minikube", props: {} };

describe("metallb-is-not-on-a-cloud", () => {
  for (const cluster of [gkeCluster, autopilot]) {
    for (const kind of ["IPAddressPool", "L2Advertisement", "BGPPeer"]) {
      it(`rejects a ${kind} ${cluster === autopilot ? "in Autopilot" : "in GKE"}`, async () => {
        expect(await run(cluster, object(kind))).to.deep.equal([
          {
            message: `a VPC ignores the announcements of a ${kind}. Fix: remove it, and reserve a gcp.compute.Address`,
            resource: kind,
          },
        ]);
      });
    }
  }

  it("accepts MetalLB elsewhere, and other objects", async () => {
    expect(await run(minikube, object("IPAddressPool"))).to.deep.equal([]);
    expect(await run(gkeCluster, minikube, object("IPAddressPool"))).to.deep.equal([]);
    expect(await run(gkeCluster, deployment)).to.deep.equal([]);
  });
});
