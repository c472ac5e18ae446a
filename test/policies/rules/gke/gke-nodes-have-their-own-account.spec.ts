import { expect } from "chai";

import { gkeNodesHaveTheirOwnAccount as rule } from "../../../../policies/rules/gke/gke-nodes-have-their-own-account.ts";
import { autopilot, gkeCluster, nodePlaces, pathOf } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

const fix =
  "so the nodes run as the project's default account. Fix: set the email of an account that has only roles/container.defaultNodeServiceAccount";

describe("gke-nodes-have-their-own-account", () => {
  for (const [place, subject, , config] of nodePlaces) {
    const account = [...config, "serviceAccount"];

    it(`accepts ${place} with a named account`, async () => {
      expect(await messagesOf(rule, subject)).to.deep.equal([]);
      expect(await messagesOf(rule, changed(subject, account, unknown))).to.deep.equal([]);
    });

    for (const value of ["default", "", "123-compute@developer.gserviceaccount.com"]) {
      it(`rejects the account "${value}" of ${place}`, async () => {
        expect(await messagesOf(rule, changed(subject, account, value))).to.deep.equal([
          `${pathOf(account)} is ${value}, ${fix}`,
        ]);
      });
    }

    it(`rejects ${place} without an account`, async () => {
      for (const keys of [account, config]) {
        if (keys.length === 2 && keys[0] === "clusterAutoscaling") continue;
        expect(await messagesOf(rule, changed(subject, keys, undefined))).to.deep.equal([
          `${pathOf(account)} is not set, ${fix}`,
        ]);
      }
    });
  }

  it("reads the account of an Autopilot cluster", async () => {
    expect(await messagesOf(rule, autopilot)).to.deep.equal([]);
    expect(
      await messagesOf(rule, changed(autopilot, ["clusterAutoscaling"], undefined)),
    ).to.deep.equal([
      `clusterAutoscaling.autoProvisioningDefaults.serviceAccount is not set, ${fix}`,
    ]);
  });

  it("ignores a default pool that is removed, or that may be", async () => {
    expect(await messagesOf(rule, gkeCluster)).to.deep.equal([]);
    for (const key of ["removeDefaultNodePool", "nodePools", "enableAutopilot"]) {
      const kept = changed(gkeCluster, ["removeDefaultNodePool"], undefined);
      expect(await messagesOf(rule, kept), key).to.have.length(1);
      expect(await messagesOf(rule, changed(kept, [key], unknown)), key).to.deep.equal([]);
    }
  });

  it("ignores other kinds", async () => {
    expect(await messagesOf(rule, deployment)).to.deep.equal([]);
  });
});
