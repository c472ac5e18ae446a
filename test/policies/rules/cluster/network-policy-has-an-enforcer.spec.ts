import { expect } from "chai";

import { networkPolicyHasAnEnforcer as rule } from "../../../../policies/rules/cluster/network-policy-has-an-enforcer.ts";
import { autopilot, gkeCluster } from "../../gke.ts";
import { changed, deployment, unknown, violationsOf, type Subject } from "../../support.ts";

const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const policy: Subject = {
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "policy",
  props: { spec: { podSelector: {} } },
};
const calico: Subject = {
  type: "kubernetes:crd.projectcalico.org/v1:NetworkPolicy",
  name: "calico",
  props: {},
};
const component = (type: string): Subject => ({ type: `provenet:${type}`, name: type, props: {} });
const minikube = component("cluster:MinikubeCluster");
const enabled = ["networkPolicy", "enabled"];
const disabled = ["addonsConfig", "networkPolicyConfig", "disabled"];

describe("network-policy-has-an-enforcer", () => {
  it("accepts a policy in GKE with both switches of the add-on", async () => {
    expect(await run(gkeCluster, policy, calico)).to.deep.equal([]);
  });

  it("rejects a policy in GKE without network policies", async () => {
    for (const [keys, value] of [
      [enabled, false],
      [enabled, undefined],
      [["networkPolicy"], undefined],
    ] as const) {
      expect(await run(changed(gkeCluster, keys, value), policy)).to.deep.equal([
        {
          message: `nothing enforces this policy, because networkPolicy.enabled is ${value === false ? "false" : "not set"} of the cluster cluster. Fix: set true`,
          resource: "policy",
        },
      ]);
    }
  });

  it("rejects a policy in GKE whose add-on is off, which is the default", async () => {
    for (const [keys, value] of [
      [disabled, true],
      [disabled, undefined],
      [["addonsConfig"], undefined],
    ] as const) {
      const found = await run(changed(gkeCluster, keys, value), policy, calico);
      expect(found).to.have.length(2);
      expect(found[0]?.message).to.contain(
        `${disabled.join(".")} is ${value === true ? "true" : "not set"} of the cluster cluster, which leaves the add-on off. Fix: set false`,
      );
    }
  });

  it("accepts a policy on Dataplane V2, which Autopilot always has", async () => {
    const bare = changed(gkeCluster, ["networkPolicy"], undefined);
    expect(await run(changed(bare, ["datapathProvider"], "ADVANCED_DATAPATH"), policy)).to.be.empty;
    expect(await run(autopilot, policy)).to.deep.equal([]);
    expect(await run(bare, policy)).to.have.length(1);
  });

  it("rejects a policy in minikube without Calico", async () => {
    expect(await run(minikube, policy)).to.deep.equal([
      {
        message:
          "nothing enforces this policy, because the stack's minikube cluster has no Calico. Fix: add the component Calico",
        resource: "policy",
      },
    ]);
    expect(await run(minikube, component("network:Calico"), policy)).to.deep.equal([]);
  });

  it("accepts a policy in a cluster that it does not know", async () => {
    expect(await run(component("cluster:ExistingCluster"), policy)).to.deep.equal([]);
    expect(await run(policy)).to.deep.equal([]);
  });

  it("reads from its settings whether there is an enforcer", async () => {
    const absent = await violationsOf(rule, [policy], { enforcer: "absent" });
    expect(absent.map(({ message }) => message)).to.deep.equal([
      "nothing enforces this policy, because the rule's setting enforcer is absent. Fix: install a network plugin that enforces policies, and set it to present",
    ]);
    expect(await violationsOf(rule, [minikube, policy], { enforcer: "present" })).to.be.empty;
  });

  it("accepts unknown values", async () => {
    const off = changed(gkeCluster, disabled, true);
    for (const keys of [["datapathProvider"], ["enableAutopilot"], ["addonsConfig"], disabled]) {
      expect(await run(changed(off, keys, unknown), policy), keys.join(".")).to.deep.equal([]);
    }
    expect(await run(changed(gkeCluster, enabled, unknown), policy)).to.deep.equal([]);
    expect(await run(changed(off, enabled, unknown), policy)).to.have.length(1);
  });

  it("ignores stacks without policies", async () => {
    expect(await run(changed(gkeCluster, disabled, true), deployment)).to.deep.equal([]);
    expect(await run(minikube, deployment)).to.deep.equal([]);
  });
});
