import { expect } from "chai";

import type { ClusterSettings } from "../../../components/config/schema/cluster.ts";
import { parseNetwork } from "../../../net/addresses.ts";
import { minikubeRequestSchema } from "../../../programs/minikube/request.ts";
import { invoked, minikube, recordCluster } from "../../support/clusters.ts";
import { named } from "../../support/recording.ts";

describe("a minikube cluster", () => {
  it("has a plain path of a kubeconfig, its context and facts", async () => {
    const { result } = await recordCluster(minikube);
    expect({ ...result }).to.deep.equal({
      kubeconfigPath: "path/of/kubeconfig",
      context: "provenet",
      plain: false,
      facts: {
        networks: ["10.244.0.0/16", "192.168.49.0/24", "10.96.0.0/12"],
        driver: "docker",
        loadBalancers: "metallb",
        calico: "install",
        kubeProxyMode: "iptables",
      },
    });
  });

  it("passes its program a request that the program accepts, with networks as text", async () => {
    const { resources } = await recordCluster(minikube);
    const commands = ["minikube", "nodes", "identity"].map(
      (role) => named(resources, `cluster-${role}`).inputs,
    );
    for (const { environment } of commands) {
      const { PROVENET_CLUSTER } = environment as Record<string, string>;
      const request = minikubeRequestSchema.parse(JSON.parse(PROVENET_CLUSTER ?? ""));
      expect(request).to.include({
        nodeNetwork: "192.168.49.0/24",
        podNetwork: "10.244.0.0/16",
        serviceNetwork: "10.96.0.0/12",
      });
    }
  });

  it("keeps the output of what reads its kubeconfig secret, and out of logs", async () => {
    const { resources } = await recordCluster(minikube);
    const { inputs, secretOutputs } = named(resources, "cluster-identity");
    expect(inputs).to.include({ logging: "none", addPreviousOutputInEnv: false });
    expect(secretOutputs).to.deep.equal(["stdout"]);
    expect(invoked).to.deep.equal([]);
  });

  it("gives its provider the kubeconfig's path, the context and the UID", async () => {
    const { resources } = await recordCluster(minikube);
    expect(named(resources, "cluster-provider").inputs).to.deep.include({
      kubeconfig: "path/of/kubeconfig",
      context: "provenet",
      clusterIdentifier: "uid-1",
      enableServerSideApply: "true",
      upsertExistingObjects: "true",
    });
  });

  it("deletes its objects with it", async () => {
    const { resources } = await recordCluster(minikube);
    const { provider, deletedWith } = named(resources, "inside");
    expect({ provider, deletedWith }).to.deep.equal({
      provider: "cluster-provider",
      deletedWith: "cluster-identity",
    });
  });

  it("is changed in place, without its readers, by nodes and labels", async () => {
    const before = await recordCluster(minikube);
    const after = await recordCluster({
      ...minikube,
      nodes: 3,
      labels: { zone: ["a", "b", "c"] },
    });
    const changed = (name: string) =>
      Object.entries(named(after.resources, name).inputs)
        .filter(
          ([key, value]) =>
            JSON.stringify(value) !== JSON.stringify(named(before.resources, name).inputs[key]),
        )
        .map(([key]) => key);
    expect(changed("cluster-nodes")).to.deep.equal(["environment"]);
    for (const role of ["minikube", "identity", "provider"]) {
      expect(changed(`cluster-${role}`), role).to.deep.equal([]);
    }
  });

  it("keeps its nodes where a driver chooses their network, whatever the setting", async () => {
    const triggers = async (settings: Partial<typeof minikube>) =>
      named(
        (await recordCluster({ ...minikube, driver: "kvm2", ...settings })).resources,
        "cluster-minikube",
      ).inputs.triggers;
    const other = { nodeNetwork: parseNetwork("192.168.39.0/24") };
    expect(await triggers(other)).to.deep.equal(await triggers({}));
  });

  const replacing: Partial<typeof minikube>[] = [
    { profile: "other" },
    { driver: "kvm2" },
    { containerRuntime: "cri-o" },
    { kubernetesVersion: "v1.34.3" },
    { memoryMiB: 4096 },
    { cpus: 4 },
    { nodeNetwork: parseNetwork("192.168.58.0/24") },
    { podNetwork: parseNetwork("10.245.0.0/16") },
    { serviceNetwork: parseNetwork("10.112.0.0/12") },
  ];
  for (const change of replacing) {
    it(`is deleted and replaced when its ${Object.keys(change).join()} changes`, async () => {
      const triggers = async (settings: ClusterSettings, name: string) =>
        named((await recordCluster(settings)).resources, name).inputs.triggers;
      const changed = { ...minikube, ...change };
      const name = "cluster-minikube";
      expect(await triggers(changed, name)).not.to.deep.equal(await triggers(minikube, name));
      const { resources } = await recordCluster(changed);
      expect(named(resources, "cluster-minikube").deleteBeforeReplace).to.equal(true);
    });
  }

  it("replaces its readers when it is replaced", async () => {
    const { resources } = await recordCluster(minikube);
    expect(named(resources, "cluster-identity").inputs.triggers).to.deep.equal([
      "cluster-minikube-id",
    ]);
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await recordCluster(minikube, ["one", "two"]);
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});
