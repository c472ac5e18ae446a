import { expect } from "chai";

import { gkeHasASecondNode as rule } from "../../../../policies/rules/gke/gke-has-a-second-node.ts";
import { autopilot, gkeCluster, gkePool, withAddedPools, withDefaultPool } from "../../gke.ts";
import { changed, set, unknown, violationsOf, type Subject } from "../../support.ts";

const run = async (subjects: readonly Subject[], configuration = {}) =>
  violationsOf(rule, subjects, configuration);
const size = (values: Record<string, unknown>): Subject => ({
  ...gkePool,
  props: { ...set(gkePool.props, ["nodeCount"], undefined), ...values },
});
const place = (values: Record<string, unknown>): Subject => ({
  ...gkeCluster,
  props: { ...set(gkeCluster.props, ["nodeLocations"], undefined), ...values },
});
const zone = place({ location: "europe-west1-b" });

describe("gke-has-a-second-node", () => {
  for (const [what, cluster, pool] of [
    ["one node in each of two zones", gkeCluster, gkePool],
    ["one node in each zone of a region", place({}), gkePool],
    ["two nodes in one zone", zone, size({ nodeCount: 2 })],
    ["two nodes at first", zone, size({ initialNodeCount: 2 })],
    [
      "one node in a zone and in a further zone",
      place({ location: "europe-west1-b", nodeLocations: ["europe-west1-c"] }),
      gkePool,
    ],
    ["a pool with zones of its choice", zone, size({ nodeCount: 1, nodeLocations: ["a", "b"] })],
    [
      "a minimum for each zone",
      gkeCluster,
      size({ autoscaling: { minNodeCount: 1, maxNodeCount: 3 } }),
    ],
    [
      "a minimum for all zones",
      zone,
      size({ autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: 3 } }),
    ],
  ] as const) {
    it(`accepts ${what}`, async () => {
      expect(await run([cluster, pool])).to.deep.equal([]);
    });
  }

  for (const [what, cluster, pool, count] of [
    ["one node in one zone", zone, gkePool, "1 node"],
    [
      "a zone that is listed again",
      place({ location: "europe-west1-b", nodeLocations: ["europe-west1-b"] }),
      gkePool,
      "1 node",
    ],
    [
      "a pool in one zone of two",
      gkeCluster,
      size({ nodeCount: 1, nodeLocations: ["europe-west1-b"] }),
      "1 node",
    ],
    [
      "a pool that shrinks to one",
      zone,
      size({ autoscaling: { minNodeCount: 1, maxNodeCount: 9 } }),
      "1 node",
    ],
    [
      "a pool that shrinks to none",
      gkeCluster,
      size({ autoscaling: { maxNodeCount: 9 } }),
      "0 nodes",
    ],
    [
      "a pool that shrinks to none in all",
      gkeCluster,
      size({ autoscaling: { totalMaxNodeCount: 9 } }),
      "0 nodes",
    ],
    [
      "a pool that shrinks to one in all",
      gkeCluster,
      size({ autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 9 } }),
      "1 node",
    ],
  ] as const) {
    it(`rejects ${what}`, async () => {
      expect(await run([cluster, pool])).to.deep.equal([
        {
          message: `the cluster cluster may have only ${count}. Fix: set nodeCount or the minimum of autoscaling so that there are 2`,
          resource: "pool",
        },
      ]);
    });
  }

  it("adds the pools of a cluster", async () => {
    expect(await run([zone, gkePool, { ...gkePool, name: "second" }])).to.deep.equal([]);
    const small = changed(withDefaultPool, ["location"], "europe-west1-b");
    const alone = changed(small, ["nodeLocations"], undefined);
    expect((await run([alone])).map(({ resource }) => resource)).to.deep.equal(["cluster"]);
    expect(await run([alone, gkePool])).to.deep.equal([]);
  });

  it("reads the number from its settings", async () => {
    expect(await run([gkeCluster, gkePool], { nodes: 3 })).to.have.length(1);
    expect(await run([zone, gkePool], { nodes: 1 })).to.deep.equal([]);
  });

  it("accepts unknown values", async () => {
    for (const key of ["nodeCount", "nodeLocations", "autoscaling"]) {
      expect(await run([zone, changed(gkePool, [key], unknown)]), key).to.deep.equal([]);
    }
    const somewhere = place({ location: unknown, nodeLocations: ["europe-west1-b"] });
    expect(await run([somewhere, gkePool])).to.deep.equal([]);
    const shrinking = { autoscaling: { minNodeCount: unknown, maxNodeCount: 9 } };
    expect(await run([zone, size(shrinking)])).to.deep.equal([]);
    for (const key of ["location", "nodeLocations", "enableAutopilot"]) {
      expect(await run([changed(zone, [key], unknown), gkePool]), key).to.deep.equal([]);
    }
  });

  it("ignores clusters whose nodes come from elsewhere", async () => {
    expect(await run([gkeCluster])).to.deep.equal([]);
    expect(await run([autopilot])).to.deep.equal([]);
    const added = changed(withAddedPools, ["location"], "europe-west1-b");
    expect(await run([added, size({ nodeCount: 1, nodeLocations: ["a"] })])).to.deep.equal([]);
    expect(await run([size({})])).to.deep.equal([]);
  });
});
