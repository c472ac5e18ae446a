import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { HostRoute, type HostRouteArgs } from "../../../components/network/hostRoute.ts";
import { named, record } from "../../support/recording.ts";
import { failureOf } from "./given.ts";

const args: HostRouteArgs = { on: "host", to: "192.0.2.0/24", via: "198.51.100.1" };

const run = (given: Partial<HostRouteArgs> = {}) =>
  record(() => ({ network: new HostRoute("pool", { ...args, ...given }).network }), {
    outputs: () => ({ stdout: "{}" }),
  });

describe("HostRoute", () => {
  it("is one command whose settings come by environment, never in the shell line", async () => {
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
    const { PROVENET_ROUTE } = inputs.environment as Record<string, string>;
    expect(JSON.parse(PROVENET_ROUTE ?? "")).to.deep.equal(args);
  });

  it("takes the old route away before a replacement puts the new one there", async () => {
    expect(named((await run()).resources, "pool-route").deleteBeforeReplace).to.equal(true);
  });

  it("is looked at again when a fact about the client changes", async () => {
    const environments: unknown[] = [];
    for (const clientFacts of [["net:[1]"], ["net:[2]"]]) {
      const { resources } = await run({ clientFacts });
      environments.push(named(resources, "pool-route").inputs.environment);
    }
    expect(environments[0]).not.to.deep.equal(environments[1]);
  });

  it("gives the network", async () => {
    expect((await run()).result).to.deep.equal({ network: "192.0.2.0/24" });
  });

  it("takes a gateway that another resource gives", async () => {
    const { resources } = await run({ via: pulumi.output("198.51.100.2") });
    const { PROVENET_ROUTE } = named(resources, "pool-route").inputs.environment as Record<
      string,
      string
    >;
    expect(PROVENET_ROUTE).to.contain("198.51.100.2");
  });

  it("refuses a gateway that another resource gives wrongly", async () => {
    const message = await failureOf(run({ via: pulumi.output("192.0.2.9") }));
    expect(message).to.contain("reached through itself");
  });

  it("names all faults of its arguments at once", async () => {
    const message = await failureOf(run({ on: "a", to: "b", via: "c" }));
    for (const place of ["on: ", "to: ", "via: "]) expect(message).to.contain(place);
  });
});
