import { expect } from "chai";
import * as fc from "fast-check";

import { gkeRangesFitTheirNodes as rule } from "../../../../policies/rules/gke/gke-ranges-fit-their-nodes.ts";
import { autopilot, gkeCluster, gkePool, gkeSubnetwork } from "../../gke.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const pods = (range: unknown) =>
  changed(gkeSubnetwork, ["secondaryIpRanges", 0, "ipCidrRange"], range);
const run = async (...subjects: readonly Subject[]) =>
  (await violationsOf(rule, subjects)).map(({ message }) => message);
/** The pool has this number of nodes in each of the cluster's two zones. */
const nodes = (nodeCount: unknown) => changed(gkePool, ["nodeCount"], nodeCount);
const message = (range: string, size: number, count: number, taken: number) =>
  `the pod range ${range} has ${size} addresses, and ${count} nodes take ${taken}. Fix: widen it, or set fewer nodes or a smaller maxPodsPerNode`;

describe("gke-ranges-fit-their-nodes", () => {
  it("accepts ranges with room", async () => {
    expect(await run(gkeSubnetwork, gkeCluster, gkePool)).to.deep.equal([]);
    expect(await run(pods("10.8.0.0/17"), gkeCluster, nodes(50))).to.deep.equal([]);
  });

  it("rejects a range without a /24 for each node and one more during an upgrade", async () => {
    expect(await run(pods("10.8.0.0/22"), gkeCluster, nodes(1))).to.deep.equal([]);
    expect(await run(pods("10.8.0.0/23"), gkeCluster, nodes(1))).to.deep.equal([
      message("10.8.0.0/23", 512, 3, 768),
    ]);
    const surge = changed(nodes(1), ["upgradeSettings"], { maxSurge: 3 });
    expect(await run(pods("10.8.0.0/22"), gkeCluster, surge)).to.deep.equal([
      message("10.8.0.0/22", 1024, 5, 1280),
    ]);
  });

  it("counts the most nodes of a pool that grows", async () => {
    const scaled = (autoscaling: object) =>
      changed(changed(gkePool, ["nodeCount"], undefined), ["autoscaling"], autoscaling);
    const each = scaled({ minNodeCount: 1, maxNodeCount: 4 });
    expect(await run(pods("10.8.0.0/21"), gkeCluster, each)).to.deep.equal([
      message("10.8.0.0/21", 2048, 9, 2304),
    ]);
    const all = scaled({ totalMinNodeCount: 1, totalMaxNodeCount: 4 });
    expect(await run(pods("10.8.0.0/21"), gkeCluster, all)).to.deep.equal([]);
  });

  it("counts three zones of a region that names none", async () => {
    const region = changed(gkeCluster, ["nodeLocations"], undefined);
    expect(await run(pods("10.8.0.0/22"), region, nodes(1))).to.deep.equal([]);
    expect(await run(pods("10.8.0.0/23"), region, nodes(1))).to.deep.equal([
      message("10.8.0.0/23", 512, 4, 1024),
    ]);
  });

  it("adds the pools that share a range", async () => {
    const second = { ...nodes(1), name: "second" };
    expect(await run(pods("10.8.0.0/22"), gkeCluster, nodes(1), second)).to.deep.equal([
      message("10.8.0.0/22", 1024, 6, 1536),
    ]);
    const own = changed(second, ["networkConfig", "podRange"], "services");
    expect(await run(pods("10.8.0.0/22"), gkeCluster, nodes(1), own)).to.deep.equal([]);
  });

  for (const [most, block] of [
    [8, 16],
    [9, 32],
    [16, 32],
    [32, 64],
    [64, 128],
    [110, 256],
    [128, 256],
    [129, 512],
    [256, 512],
  ] as const) {
    it(`takes ${block} addresses for a node with ${most} pods`, async () => {
      const small = pods("10.8.0.0/28");
      const count = 64;
      const pool = changed(nodes(count / 2), ["maxPodsPerNode"], most);
      const still = changed(pool, ["upgradeSettings"], { maxSurge: 0 });
      expect(await run(small, gkeCluster, still)).to.deep.equal([
        message("10.8.0.0/28", 16, count, count * block),
      ]);
      const shared = changed(gkeCluster, ["defaultMaxPodsPerNode"], most);
      const inheriting = changed(still, ["maxPodsPerNode"], undefined);
      expect(await run(small, shared, inheriting)).to.deep.equal([
        message("10.8.0.0/28", 16, count, count * block),
      ]);
    });
  }

  it("takes half without spare addresses", async () => {
    const spare = ["podCidrOverprovisionConfig", "disabled"];
    const lean = changed(gkeCluster, ["ipAllocationPolicy", ...spare], true);
    expect(await run(pods("10.8.0.0/23"), lean, nodes(1))).to.deep.equal([]);
    const later = changed(gkeCluster, ["ipAllocationPolicy", ...spare], unknown);
    expect(await run(pods("10.8.0.0/24"), later, nodes(1))).to.deep.equal([]);
    const own = changed(nodes(1), ["networkConfig", ...spare], false);
    expect(await run(pods("10.8.0.0/23"), lean, own)).to.have.length(1);
  });

  it("decides like arithmetic for every prefix and number of nodes", async () => {
    const sizes = fc.record({
      prefix: fc.integer({ min: 9, max: 28 }),
      perZone: fc.integer({ min: 1, max: 200 }),
      most: fc.integer({ min: 8, max: 256 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ prefix, perZone, most }) => {
        const pool = changed(nodes(perZone), ["maxPodsPerNode"], most);
        const wide = changed(pods(`10.0.0.0/${prefix}`), ["ipCidrRange"], "172.16.0.0/12");
        const needed = (2 * perZone + 1) * 2 ** (Math.ceil(Math.log2(most)) + 1);
        const fits = 2 ** (32 - prefix) >= needed;
        expect(await run(wide, gkeCluster, pool)).to.have.length(fits ? 0 : 1);
      }),
      { numRuns: 200 },
    );
  });

  it("reads a range that GKE makes itself", async () => {
    const policy = ["ipAllocationPolicy"];
    const made = (clusterIpv4CidrBlock: unknown) =>
      changed(gkeCluster, policy, { clusterIpv4CidrBlock });
    expect(await run(made("10.8.0.0/23"), nodes(1))).to.have.length(1);
    expect(await run(made("10.8.0.0/22"), nodes(1))).to.deep.equal([]);
    for (const size of ["/23", "", unknown]) {
      expect(await run(made(size), nodes(1))).to.deep.equal([]);
    }
  });

  it("reads the network of a cluster with routes", async () => {
    const routed = changed(gkeCluster, ["ipAllocationPolicy"], undefined);
    const network = changed(routed, ["clusterIpv4Cidr"], "10.8.0.0/23");
    expect(await run(network, nodes(1))).to.have.length(1);
  });

  it("rejects a subnetwork without an address for each node", async () => {
    const narrow = changed(gkeSubnetwork, ["ipCidrRange"], "10.128.0.0/28");
    expect(await run(narrow, gkeCluster, nodes(5))).to.deep.equal([]);
    expect(await run(narrow, gkeCluster, nodes(6))).to.deep.equal([
      "ipCidrRange is 10.128.0.0/28, which has no addresses for 13 nodes and the four that Google keeps. Fix: set a wider one",
    ]);
  });

  it("accepts a cluster that may take further ranges", async () => {
    for (const key of ["additionalPodRangesConfig", "additionalIpRangesConfigs"]) {
      const more = changed(gkeCluster, ["ipAllocationPolicy", key], {});
      expect(await run(pods("10.8.0.0/24"), more, nodes(1)), key).to.deep.equal([]);
    }
  });

  it("accepts unknown values, and ranges outside the stack", async () => {
    const small = pods("10.8.0.0/24");
    expect(await run(small, gkeCluster, nodes(1))).to.have.length(1);
    expect(await run(pods(unknown), gkeCluster, nodes(1))).to.deep.equal([]);
    expect(await run(gkeCluster, nodes(1))).to.deep.equal([]);
    for (const key of ["nodeCount", "maxPodsPerNode", "networkConfig"]) {
      expect(await run(small, gkeCluster, changed(nodes(1), [key], unknown)), key).to.be.empty;
    }
    for (const key of ["ipAllocationPolicy", "nodeLocations", "defaultMaxPodsPerNode"]) {
      expect(await run(small, changed(gkeCluster, [key], unknown), nodes(1)), key).to.be.empty;
    }
    expect(await run(small, changed(gkeCluster, ["subnetwork"], "other"), nodes(1))).to.be.empty;
    expect(await run(small, autopilot)).to.deep.equal([]);
  });
});
