import { expect } from "chai";

import { gkeFollowsAChannel as rule } from "../../../../policies/rules/gke/gke-follows-a-channel.ts";
import { autopilot, gkeCluster, nodePlaces, pathOf } from "../../gke.ts";
import { changed, deployment, messagesOf, set, unknown } from "../../support.ts";

const channel = ["releaseChannel", "channel"];

describe("gke-follows-a-channel", () => {
  for (const value of ["RAPID", "REGULAR", "STABLE", "EXTENDED", unknown]) {
    it(`accepts the channel ${value === unknown ? "that is unknown" : value}`, async () => {
      expect(await messagesOf(rule, changed(gkeCluster, channel, value))).to.deep.equal([]);
    });
  }

  it("rejects a cluster without a channel", async () => {
    expect(await messagesOf(rule, changed(gkeCluster, channel, "UNSPECIFIED"))).to.deep.equal([
      "releaseChannel.channel is UNSPECIFIED. Fix: set REGULAR or STABLE",
    ]);
    for (const keys of [channel, ["releaseChannel"]]) {
      expect(await messagesOf(rule, changed(gkeCluster, keys, undefined))).to.deep.equal([
        "releaseChannel.channel is not set. Fix: set REGULAR or STABLE",
      ]);
    }
  });

  it("accepts a channel together with a version", async () => {
    const pinned = changed(gkeCluster, ["minMasterVersion"], "1.34");
    expect(await messagesOf(rule, pinned)).to.deep.equal([]);
  });

  for (const [place, subject, pool] of nodePlaces) {
    const management = [...pool, "management"];
    // The properties of a cluster have no place for how its default pool is managed.
    const keys = place === "the default pool" ? [] : ["autoRepair", "autoUpgrade"];

    for (const key of keys.map((each) => [...management, each])) {
      it(`rejects ${pathOf(key)} that is false in ${place}`, async () => {
        expect(await messagesOf(rule, changed(subject, key, false))).to.deep.equal([
          `${pathOf(key)} is false. Fix: set true`,
        ]);
        for (const value of [undefined, unknown, true]) {
          expect(await messagesOf(rule, changed(subject, key, value))).to.deep.equal([]);
        }
      });
    }

    it(`accepts ${place} whose management is unknown or missing`, async () => {
      for (const value of [undefined, unknown]) {
        const props = set(subject.props, management, value);
        expect(await messagesOf(rule, { ...subject, props })).to.deep.equal([]);
      }
    });
  }

  it("ignores Autopilot, which is always in a channel, and other kinds", async () => {
    expect(await messagesOf(rule, autopilot)).to.deep.equal([]);
    const maybe = changed(changed(gkeCluster, channel, undefined), ["enableAutopilot"], unknown);
    expect(await messagesOf(rule, maybe)).to.deep.equal([]);
    expect(await messagesOf(rule, deployment)).to.deep.equal([]);
  });
});
