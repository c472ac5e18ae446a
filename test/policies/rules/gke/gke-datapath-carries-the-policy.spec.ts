import { expect } from "chai";

import { gkeDatapathCarriesThePolicy as rule } from "../../../../policies/rules/gke/gke-datapath-carries-the-policy.ts";
import { autopilot, gkeCluster } from "../../gke.ts";
import {
  changed,
  container,
  deployment,
  unknown,
  violationsOf,
  type Subject,
} from "../../support.ts";

const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const withoutAddOn = changed(
  changed(gkeCluster, ["networkPolicy"], undefined),
  ["addonsConfig"],
  undefined,
);
const v2 = changed(withoutAddOn, ["datapathProvider"], "ADVANCED_DATAPATH");
const calico: Subject = {
  type: "kubernetes:crd.projectcalico.org/v1:GlobalNetworkPolicy",
  name: "policy",
  props: { spec: { types: ["Ingress"] } },
};
const plain: Subject = {
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "plain",
  props: {},
};
const tailer: Subject = {
  ...changed(deployment, [...container, "image"], "provenet.lab/drop-tailer:1"),
  name: "tailer",
};
const fix = "Fix: set datapathProvider of the cluster to LEGACY_DATAPATH";

describe("gke-datapath-carries-the-policy", () => {
  it("accepts Calico and the tailer on the legacy datapath", async () => {
    for (const value of ["LEGACY_DATAPATH", "DATAPATH_PROVIDER_UNSPECIFIED", undefined]) {
      const legacy = changed(gkeCluster, ["datapathProvider"], value);
      expect(await run(legacy, calico, tailer, plain)).to.deep.equal([]);
    }
  });

  it("accepts plain policies on Dataplane V2 without the add-on", async () => {
    expect(await run(v2, plain, deployment)).to.deep.equal([]);
    expect(await run(autopilot, plain)).to.deep.equal([]);
    const off = changed(v2, ["networkPolicy", "enabled"], false);
    expect(await run(changed(off, ["addonsConfig", "networkPolicyConfig", "disabled"], true))).to.be
      .empty;
  });

  it("rejects each switch of the add-on on Dataplane V2", async () => {
    for (const [keys, value] of [
      [["networkPolicy", "enabled"], true],
      [["addonsConfig", "networkPolicyConfig", "disabled"], false],
    ] as const) {
      expect(await run(changed(v2, keys, value))).to.deep.equal([
        {
          message: `${keys.join(".")} is ${value}, which Dataplane V2 does not have. Fix: remove it, or set datapathProvider to LEGACY_DATAPATH`,
          resource: "cluster",
        },
      ]);
    }
  });

  for (const [what, cluster] of [
    ["Dataplane V2", v2],
    ["Autopilot", autopilot],
  ] as const) {
    it(`rejects Calico's objects on ${what}`, async () => {
      const pool = { ...calico, type: "kubernetes:projectcalico.org/v3:IPPool", name: "pool" };
      expect(await run(cluster, calico, pool)).to.deep.equal([
        {
          message: `Dataplane V2 has no GlobalNetworkPolicy of Calico. ${fix}`,
          resource: "policy",
        },
        { message: `Dataplane V2 has no IPPool of Calico. ${fix}`, resource: "pool" },
      ]);
    });

    it(`rejects a reader of the kernel's packet log on ${what}`, async () => {
      expect(await run(cluster, tailer)).to.deep.equal([
        {
          message: `spec.template.spec.containers[0].image is provenet.lab/drop-tailer:1, which reads packets from the kernel's log. Dataplane V2 writes none there. ${fix}`,
          resource: "tailer",
        },
      ]);
    });
  }

  it("reads the images of such readers from its settings", async () => {
    const found = await violationsOf(rule, [v2, deployment], { logReaders: "/web:" });
    expect(found).to.have.length(1);
  });

  it("accepts unknown values", async () => {
    for (const key of ["datapathProvider", "enableAutopilot"]) {
      const cluster = changed(gkeCluster, [key], unknown);
      expect(await run(cluster, calico, tailer), key).to.deep.equal([]);
    }
    expect(await run(changed(v2, ["networkPolicy"], unknown))).to.deep.equal([]);
    expect(await run(v2, changed(tailer, [...container, "image"], unknown))).to.deep.equal([]);
  });

  it("ignores objects that may be in another cluster", async () => {
    const minikube = { type: "provenet:cluster:MinikubeCluster", name: "minikube", props: {} };
    expect(await run(v2, minikube, calico, tailer)).to.deep.equal([]);
    expect(await run(v2, { ...gkeCluster, name: "second" }, calico)).to.deep.equal([]);
    expect(await run(calico, tailer)).to.deep.equal([]);
    const parts = ["GkeCluster", "GkeNetwork", "NodeAccount"].map((name) => ({
      type: `provenet:cluster:${name}`,
      name,
      props: {},
    }));
    expect(await run(v2, ...parts, calico)).to.have.length(1);
  });
});
