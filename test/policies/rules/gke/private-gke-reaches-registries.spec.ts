import { expect } from "chai";

import { privateGkeReachesRegistries as rule } from "../../../../policies/rules/gke/private-gke-reaches-registries.ts";
import { gkeCluster, gkePool, gkeSubnetwork } from "../../gke.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const nat: Subject = { type: "gcp:compute/routerNat:RouterNat", name: "nat", props: {} };
const key = ["privateClusterConfig", "enablePrivateNodes"];
const open = changed(gkeCluster, key, false);

describe("private-gke-reaches-registries", () => {
  it("accepts private nodes with a Cloud NAT", async () => {
    expect(await run(nat, gkeSubnetwork, gkeCluster, gkePool)).to.deep.equal([]);
  });

  it("rejects private nodes without one", async () => {
    expect(await run(gkeSubnetwork, gkeCluster)).to.deep.equal([
      {
        message:
          "the nodes of cluster are private (privateClusterConfig.enablePrivateNodes), and the stack has no gcp.compute.RouterNat. Fix: add one",
        resource: "cluster",
      },
    ]);
    const [found] = await run(gkeSubnetwork, open, gkePool);
    expect(found?.message).to.contain("(networkConfig.enablePrivateNodes)");
  });

  it("accepts nodes with public addresses", async () => {
    expect(await run(gkeSubnetwork, open)).to.deep.equal([]);
    expect(await run(gkeSubnetwork, changed(gkeCluster, key, unknown))).to.deep.equal([]);
  });

  it("ignores a subnetwork of another stack, which may have a Cloud NAT there", async () => {
    expect(await run(gkeCluster)).to.deep.equal([]);
    expect(await run(gkeSubnetwork, changed(gkeCluster, ["subnetwork"], "other"))).to.be.empty;
  });
});
