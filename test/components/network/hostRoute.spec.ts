import { expect } from "chai";

import { HostRoute, type HostRouteArgs } from "../../../components/network/hostRoute.ts";
import { parseAddress, parseNetwork } from "../../../net/addresses.ts";
import { parseVantage } from "../../../net/vantage.ts";
import { named, record } from "../../support/recording.ts";
import { failureOf } from "./given.ts";

const args: HostRouteArgs = {
  on: parseVantage("netns:/run/netns/router"),
  to: parseNetwork("192.0.2.0/24"),
  via: parseAddress("198.51.100.1"),
};

const run = (given: Partial<HostRouteArgs> = {}) =>
  record(() => ({ route: new HostRoute("pool", { ...args, ...given }).route }), {
    outputs: () => ({ stdout: "{}" }),
  });

const environmentOf = async (given: Partial<HostRouteArgs> = {}) =>
  named((await run(given)).resources, "pool-route").inputs.environment as Record<string, string>;

describe("HostRoute", () => {
  it("is one command that gets the route by environment and not in the shell line", async () => {
    const { resources } = await run();
    expect(resources.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
      "provenet:network:HostRoute pool",
      "command:local:Command pool-route",
    ]);
    const { inputs } = named(resources, "pool-route");
    expect([inputs.create, inputs.update, inputs.delete]).to.deep.equal([
      "node programs/route/main.ts add",
      "node programs/route/main.ts update",
      "node programs/route/main.ts remove",
    ]);
    const { PROVENET_ROUTE } = await environmentOf();
    expect(JSON.parse(PROVENET_ROUTE ?? "")).to.deep.equal({
      on: "netns:/run/netns/router",
      to: "192.0.2.0/24",
      via: "198.51.100.1",
    });
  });

  it("deletes the old route before it is replaced", async () => {
    expect(named((await run()).resources, "pool-route").deleteBeforeReplace).to.equal(true);
  });

  for (const change of [{ vantageId: "net:[2]" }, { clusterUid: "uid-2" }]) {
    it(`is added again when its ${Object.keys(change).join()} changes`, async () => {
      const before = { vantageId: "net:[1]", clusterUid: "uid-1" };
      expect(await environmentOf({ ...before, ...change })).not.to.deep.equal(
        await environmentOf(before),
      );
    });
  }

  it("resolves to a line that changes with everything that puts the route elsewhere", async () => {
    const { result } = await run({ vantageId: "net:[1]", clusterUid: "uid-1" });
    expect(result).to.deep.equal({
      route: "netns:/run/netns/router 192.0.2.0/24 via 198.51.100.1 net:[1] uid-1",
    });
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(() => {
      new HostRoute("one", args);
      new HostRoute("two", args);
    });
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(4);
  });

  it("refuses a next hop inside the network that it leads to", async () => {
    const message = await failureOf(run({ via: parseAddress("192.0.2.9") }));
    expect(message).to.contain("via: ");
  });
});
