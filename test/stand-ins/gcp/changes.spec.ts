import { expect } from "chai";

import { differenceOf } from "../../../stand-ins/gcp/difference.ts";
import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import type { Properties } from "../../../stand-ins/kit/values.ts";
import { bag, configured, previewOf, types } from "./given.ts";

const pool = { cluster: "c", name: "pool", __defaults: ["name"], nodeCount: 1 };

function changesOf(type: string, before: Properties, after: Properties) {
  const { detailed, replaces } = differenceOf(type, before, after);
  const changes = [...(detailed ?? [])].map(([path, { change }]) => `${change} ${path}`);
  return { changes, replaces };
}

describe("the change of a gcp resource", () => {
  it("is nothing for equal inputs, in spite of the original's notes", () => {
    const { changed } = differenceOf(
      types.nodePool,
      { ...pool, nodeConfig: { __defaults: [], spot: true } },
      { ...pool, nodeConfig: { spot: true } },
    );
    expect(changed).to.equal(false);
  });

  it("has the path of each changed field", () => {
    const before = { ...pool, nodeConfig: { machineType: "a", taints: [{ key: "x" }] } };
    const after = {
      ...pool,
      nodeCount: 2,
      nodeConfig: { machineType: "b", taints: [{ key: "y" }, { key: "z" }] },
      nodeLocations: unknownMark,
    };
    expect(changesOf(types.nodePool, before, after)).to.deep.equal({
      changes: [
        "update nodeCount",
        "update nodeConfig.machineType",
        "update nodeConfig.taints[0].key",
        "add nodeConfig.taints[1]",
        "add nodeLocations",
      ],
      replaces: [],
    });
  });

  for (const [what, before, after, changes] of [
    [
      "a field",
      { ...pool, maxPodsPerNode: 32 },
      { ...pool, maxPodsPerNode: 64 },
      ["update-replace maxPodsPerNode"],
    ],
    [
      "an unknown value",
      { ...pool },
      { ...pool, cluster: unknownMark },
      ["update-replace cluster"],
    ],
    [
      "a nested field",
      { nodeConfig: { spot: true } },
      { nodeConfig: {} },
      ["delete-replace nodeConfig.spot"],
    ],
    [
      "an item",
      { nodeConfig: { oauthScopes: ["a"] } },
      { nodeConfig: { oauthScopes: ["a", "b"] } },
      ["add-replace nodeConfig.oauthScopes[1]"],
    ],
    ["an object", { networkConfig: { podRange: "a" } }, {}, ["delete-replace networkConfig"]],
  ] as const) {
    it(`replaces the resource for ${what} that cannot change`, () => {
      const found = changesOf(types.nodePool, before as Properties, after as Properties);
      expect(found.changes).to.deep.equal(changes);
      expect(found.replaces).to.have.length(1);
    });
  }

  it("replaces nothing for an object that can appear", () => {
    const after = { ...pool, networkConfig: { enablePrivateNodes: true } };
    expect(changesOf(types.nodePool, pool, after)).to.deep.equal({
      changes: ["add networkConfig"],
      replaces: [],
    });
  });

  it("deletes the old resource first when the program names it", () => {
    const own = { ...pool, __defaults: [] };
    const replaced = { maxPodsPerNode: 64 };
    expect(differenceOf(types.nodePool, own, { ...own, ...replaced }).deleteBeforeReplace).to.equal(
      true,
    );
    expect(
      differenceOf(types.nodePool, pool, { ...pool, ...replaced }).deleteBeforeReplace,
    ).to.equal(false);
    expect(
      differenceOf(types.nodePool, own, { ...own, nodeCount: 2 }).deleteBeforeReplace,
    ).to.equal(false);
  });

  it("logs that replacements are not known, for a type outside the tables", async () => {
    const { provider } = await configured();
    for (const [type, expected] of [
      ["gcp:dns/recordSet:RecordSet", 1],
      [types.network, 0],
    ] as const) {
      const lines: string[] = [];
      const operation = previewOf(type, {
        log: (severity, message) => lines.push(`${severity}: ${message}`),
      });
      await provider.diff(
        operation,
        "id",
        bag({}),
        bag({ description: "a" }),
        bag({ description: "b" }),
      );
      expect(lines, type).to.have.length(expected);
    }
  });

  it("keeps what the original filled, and what Google computed", async () => {
    const { provider } = await configured();
    const olds = {
      name: "home-1",
      description: "a",
      __defaults: ["name", "deleteDefaultRoutesOnCreate"],
      deleteDefaultRoutesOnCreate: false,
    };
    const operation = previewOf(types.network);
    const { inputs } = await provider.check(operation, bag(olds), bag({ description: "b" }));
    expect(inputs.value).to.include({
      name: "home-1",
      deleteDefaultRoutesOnCreate: false,
      description: "b",
    });
    const state = {
      ...olds,
      selfLink: "https://self",
      numericId: "7",
      mtu: 1460,
      project: "my-project",
    };
    const planned = await provider.update(operation, "id", bag(state), bag(olds), inputs);
    expect(planned.value).to.include({
      selfLink: "https://self",
      mtu: 1460,
      description: "b",
      project: "my-project",
    });
  });

  it("keeps what Google computed inside an object", async () => {
    const { provider } = await configured();
    const state = {
      privateClusterConfig: { enablePrivateNodes: false, privateEndpoint: "10.0.0.2" },
    };
    const news = { privateClusterConfig: { enablePrivateNodes: true } };
    const operation = previewOf(types.cluster);
    const planned = await provider.update(operation, "id", bag(state), bag({}), bag(news));
    expect(planned.value.privateClusterConfig).to.deep.include({
      enablePrivateNodes: true,
      privateEndpoint: "10.0.0.2",
      publicEndpoint: unknownMark,
    });
  });
});

describe("the stand-in for the gcp plugin", () => {
  const official = /Google Cloud, and provenet's stand-in for the gcp plugin only previews$/;
  const operation = previewOf(types.network, { preview: false });

  for (const [what, run] of [
    [
      "create",
      (provider: Awaited<ReturnType<typeof configured>>["provider"]) =>
        provider.create(operation, bag({})),
    ],
    ["update", (provider) => provider.update(operation, "id", bag({}), bag({}), bag({}))],
    ["delete", (provider) => provider.delete(operation)],
    ["read", (provider) => provider.read(operation)],
    ["call", (provider) => provider.invoke("gcp:organizations/getProject:getProject")],
  ] as const satisfies readonly (readonly [
    string,
    (provider: Awaited<ReturnType<typeof configured>>["provider"]) => Promise<unknown>,
  ])[]) {
    it(`refuses to ${what}, with the way to the official plugin`, async () => {
      const { provider } = await configured();
      const error: unknown = await run(provider).catch((thrown: unknown) => thrown);
      expect(error).to.have.property("message").that.matches(official);
      expect(error).to.have.property(
        "fix",
        "install the official plugin with pulumi plugin install resource gcp 9.37.0, and sign in with gcloud auth application-default login",
      );
    });
  }

  it("refuses a type that the package does not have", async () => {
    const { provider } = await configured();
    const check = provider.check(previewOf("gcp:compute/netwerk:Netwerk"), bag({}), bag({}));
    const error: unknown = await check.catch((thrown: unknown) => thrown);
    expect(error).to.have.property(
      "message",
      "@pulumi/gcp 9.37.0 has no resource type gcp:compute/netwerk:Netwerk",
    );
  });
});
