import { expect } from "chai";

import { gkeNodesArePrivate as rule } from "../../../../policies/rules/gke/gke-nodes-are-private.ts";
import { autopilot, gkeCluster, gkePool, nodePlaces, pathOf } from "../../gke.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const shared = ["privateClusterConfig", "enablePrivateNodes"];
const own = ["networkConfig", "enablePrivateNodes"];
const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const cluster = (value: unknown) => changed(gkeCluster, shared, value);
const pool = (value: unknown) => changed(gkePool, own, value);

describe("gke-nodes-are-private", () => {
  it("accepts a choice of the cluster, of the pool, and of both", async () => {
    const pairs = [[true, true], [true], [false, true], [undefined, true]];
    for (const [shared, own] of pairs) {
      expect(await run(cluster(shared), pool(own)), String(shared)).to.deep.equal([]);
    }
  });

  it("rejects the pool that opts out", async () => {
    expect(await run(gkeCluster, pool(false))).to.deep.equal([
      { message: `${pathOf(own)} is false. Fix: set true, or remove it`, resource: "pool" },
    ]);
  });

  it("rejects the cluster whose choice a pool inherits", async () => {
    for (const value of [false, undefined]) {
      expect(await run(cluster(value), pool(undefined))).to.deep.equal([
        {
          message: `${pathOf(shared)} is ${value === false ? "false" : "not set"}. Fix: set true`,
          resource: "cluster",
        },
      ]);
    }
    const bare = changed(gkeCluster, ["privateClusterConfig"], undefined);
    expect(await run(bare, changed(gkePool, ["networkConfig"], undefined))).to.have.length(1);
  });

  it("rejects a cluster without known pools by its own choice", async () => {
    expect(await run(gkeCluster)).to.deep.equal([]);
    expect(await run(cluster(false))).to.have.length(1);
    expect(await run(autopilot)).to.have.length(1);
    expect(await run(changed(autopilot, shared, true))).to.deep.equal([]);
  });

  for (const [place, subject, keys] of nodePlaces.slice(1)) {
    it(`reads the choice of ${place}`, async () => {
      const open = changed(subject, shared, false);
      expect(await run(changed(open, [...keys, "networkConfig"], undefined))).to.have.length(1);
    });
  }

  it("joins a pool with the cluster that its name, its path or its value names", async () => {
    const other = { ...cluster(false), name: "other" };
    const named = changed(other, ["name"], "other");
    const inheriting = pool(undefined);
    expect(await run(gkeCluster, named, inheriting)).to.deep.equal([
      // It has no pools in the stack, so it decides for itself.
      { message: `${pathOf(shared)} is false. Fix: set true`, resource: "other" },
    ]);
    const away = { ...pool(true), name: "away" };
    const path = changed(away, ["cluster"], "projects/p/locations/l/clusters/other");
    expect(await run(gkeCluster, named, inheriting, path)).to.deep.equal([]);
    const output = { ...changed(away, ["cluster"], unknown), madeOf: { cluster: ["other"] } };
    expect(await run(gkeCluster, named, inheriting, output)).to.deep.equal([]);
    expect(await run(gkeCluster, named, changed(away, ["cluster"], unknown))).to.have.length(1);
  });

  it("accepts unknown values", async () => {
    expect(await run(cluster(unknown), pool(undefined))).to.deep.equal([]);
    expect(await run(cluster(false), pool(unknown))).to.deep.equal([]);
    expect(await run(changed(gkeCluster, ["privateClusterConfig"], unknown))).to.deep.equal([]);
    expect(await run(cluster(false), changed(pool(true), ["cluster"], unknown))).to.be.empty;
  });

  it("ignores a pool whose cluster is outside the stack", async () => {
    expect(await run(pool(undefined))).to.deep.equal([]);
  });
});
