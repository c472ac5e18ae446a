import { expect } from "chai";

import { MinikubeCluster } from "../../../components/cluster/minikube/minikubeCluster.ts";
import { clusterSchema, type MinikubeSettings } from "../../../components/config/schema/cluster.ts";
import { nodesStdout } from "../../support/nodes.ts";
import { named, record } from "../../support/recording.ts";
import { cluster } from "../config/values.ts";

const identity = '{"schemaVersion":1,"uid":"uid-1","kubeconfig":"path"}';

/** What decides about the cluster's commands with one setting of kube-proxy. */
async function commandsWith(kubeProxy: MinikubeSettings["kubeProxy"]) {
  const settings = clusterSchema.parse(cluster({ kubeProxy })) as MinikubeSettings;
  const { resources, result } = await record(
    () => ({ mode: new MinikubeCluster("cluster", settings).facts.kubeProxyMode }),
    { outputs: ({ name }) => ({ stdout: name.endsWith("-identity") ? identity : nodesStdout }) },
  );
  return {
    mode: result.mode,
    triggers: named(resources, "cluster-minikube").inputs.triggers,
    made: named(resources, "cluster-minikube").inputs.environment,
    read: named(resources, "cluster-identity").inputs.environment,
  };
}

describe("a minikube cluster's kube-proxy", () => {
  it("replaces the cluster with another mode, which later stages know", async () => {
    const iptables = await commandsWith({ mode: "iptables" });
    const nftables = await commandsWith({ mode: "nftables" });
    expect([iptables.mode, nftables.mode]).to.deep.equal(["iptables", "nftables"]);
    expect(nftables.triggers).to.not.deep.equal(iptables.triggers);
  });

  it("gets another scheduler in place", async () => {
    const rr = await commandsWith({ mode: "ipvs", scheduler: "rr" });
    const sed = await commandsWith({ mode: "ipvs", scheduler: "sed" });
    expect(sed.triggers).to.deep.equal(rr.triggers);
    expect(sed.made).to.not.deep.equal(rr.made);
    expect(sed.read).to.deep.equal(rr.read);
  });
});
