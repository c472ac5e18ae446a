import { expect } from "chai";
import * as fc from "fast-check";

import {
  LoadBalancerPool,
  type LoadBalancerPoolArgs,
} from "../../../components/network/loadBalancerPool/loadBalancerPool.ts";
import { faultsInBlocks } from "../../../components/network/loadBalancerPool/faults.ts";
import { format, parseBlock } from "../../../net/addresses.ts";
import { named, record } from "../../support/recording.ts";
import { failureOf } from "./given.ts";

const args: LoadBalancerPoolArgs = {
  namespace: "metallb-system",
  poolName: "home",
  blocks: [parseBlock("192.0.2.0/28"), parseBlock("192.0.2.20-192.0.2.30")],
};

const run = (given: Partial<LoadBalancerPoolArgs> = {}) =>
  record(() => {
    new LoadBalancerPool("home", { ...args, ...given });
  });

describe("LoadBalancerPool", () => {
  it("assigns its addresses to any Service", async () => {
    const { inputs } = named((await run()).resources, "home-pool");
    expect(inputs).to.deep.equal({
      apiVersion: "metallb.io/v1beta1",
      kind: "IPAddressPool",
      metadata: { name: "home", namespace: "metallb-system" },
      spec: { addresses: ["192.0.2.0/28", "192.0.2.20-192.0.2.30"], autoAssign: true },
    });
  });

  it("reserves its addresses for Services that name it, without autoAssign", async () => {
    const { inputs } = named((await run({ autoAssign: false })).resources, "home-pool");
    expect(inputs.spec).to.deep.include({ autoAssign: false });
  });

  it("is announced", async () => {
    const { inputs } = named((await run()).resources, "home-l2");
    expect(inputs).to.deep.include({
      kind: "L2Advertisement",
      spec: { ipAddressPools: ["home"] },
    });
  });

  it("has a name in the cluster that may differ from the component's", async () => {
    const { resources } = await run({ poolName: "routed" });
    expect(named(resources, "home-l2").inputs.spec).to.deep.equal({
      ipAddressPools: ["routed"],
    });
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(() => {
      new LoadBalancerPool("home", args);
      new LoadBalancerPool("away", { ...args, poolName: "away" });
    });
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(6);
  });

  it("names all faults of its blocks at once", async () => {
    const message = await failureOf(
      run({
        blocks: ["192.0.2.0/28", "192.0.2.8-192.0.2.9", "192.0.2.15/32"].map(parseBlock),
      }),
    );
    expect(message).to.contain('blocks[1]: "192.0.2.8-192.0.2.9" overlaps "192.0.2.0/28"');
    expect(message).to.contain('blocks[2]: "192.0.2.15/32" overlaps "192.0.2.0/28"');
  });

  it("refuses to be empty", async () => {
    expect(await failureOf(run({ blocks: [] }))).to.contain("blocks: is empty");
  });
});

describe("blocks of a pool", () => {
  const end = fc.nat({ max: 1000 });
  const range = fc.tuple(end, end).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const write = ([first, last]: readonly [number, number]) =>
    parseBlock(`${format(BigInt(first), 4)}-${format(BigInt(last), 4)}`);

  it("overlap exactly when they share an address", () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const shared = a[0] <= b[1] && b[0] <= a[1];
        expect(faultsInBlocks([write(a), write(b)])).to.have.length(shared ? 1 : 0);
      }),
    );
  });
});
