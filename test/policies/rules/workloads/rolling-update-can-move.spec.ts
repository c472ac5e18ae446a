import { expect } from "chai";

import { rollingUpdateCanMove as rule } from "../../../../policies/rules/workloads/rolling-update-can-move.ts";
import { messagesOf, unknown } from "../../support.ts";

const run = (maxSurge?: unknown, maxUnavailable?: unknown, type?: string) =>
  messagesOf(rule, {
    type: "kubernetes:apps/v1:Deployment",
    props: {
      spec: {
        strategy: {
          ...(type === undefined ? {} : { type }),
          rollingUpdate: {
            ...(maxSurge === undefined ? {} : { maxSurge }),
            ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
          },
        },
      },
    },
  });

describe("rolling-update-can-move", () => {
  for (const [surge, unavailable] of [
    [0, 0],
    ["0%", 0],
    [0, "0%"],
    ["0%", "00%"],
    ["0", "0"],
  ] as const) {
    it(`rejects ${JSON.stringify(surge)} and ${JSON.stringify(unavailable)}`, async () => {
      expect(await run(surge, unavailable)).to.deep.equal([
        "spec.strategy.rollingUpdate.maxSurge and spec.strategy.rollingUpdate.maxUnavailable are both 0, so no pod can be replaced. Fix: set one of them to 1",
      ]);
    });
  }

  for (const [surge, unavailable] of [
    [1, 0],
    [0, 1],
    ["25%", "0%"],
    [0, "10%"],
    [0, undefined],
    [undefined, 0],
    [undefined, undefined],
    [unknown, 0],
    [0, unknown],
  ] as const) {
    it(`accepts ${surge ?? "the default"} and ${unavailable ?? "the default"}`, async () => {
      expect(await run(surge, unavailable)).to.deep.equal([]);
    });
  }

  it("uses a DaemonSet's defaults", async () => {
    const daemonSet = (rollingUpdate: object) =>
      messagesOf(rule, {
        type: "kubernetes:apps/v1:DaemonSet",
        props: { spec: { updateStrategy: { rollingUpdate } } },
      });
    expect(await daemonSet({ maxUnavailable: 0 })).to.have.length(1);
    expect(await daemonSet({ maxUnavailable: 0, maxSurge: 1 })).to.deep.equal([]);
    expect(await daemonSet({})).to.deep.equal([]);
  });

  it("ignores other strategies, other kinds and a missing strategy", async () => {
    expect(await run(0, 0, "Recreate")).to.deep.equal([]);
    expect(await run(0, 0, "RollingUpdate")).to.have.length(1);
    const spec = { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } };
    const type = "kubernetes:apps/v1:StatefulSet";
    expect(await messagesOf(rule, { type, props: { spec } })).to.deep.equal([]);
    const bare = { type: "kubernetes:apps/v1:Deployment", props: {} };
    expect(await messagesOf(rule, bare)).to.deep.equal([]);
    expect(await messagesOf(rule, { ...bare, props: { spec: unknown } })).to.deep.equal([]);
  });
});
