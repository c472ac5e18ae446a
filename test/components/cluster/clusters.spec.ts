import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { createCluster } from "../../../components/cluster/createCluster.ts";
import type { ClusterSettings, ExistingSettings } from "../../../components/config/settings.ts";
import { clusterSettings } from "../../support/cluster.ts";
import { named, record } from "../../support/recording.ts";

const existing: ExistingSettings = {
  kind: "existing",
  kubeconfigFile: "my/kubeconfig",
  nodeNetwork: "192.168.49.0/24",
  podNetwork: "10.244.0.0/16",
  serviceNetwork: "10.96.0.0/12",
  installCalico: false,
};

/** Records a cluster and one object inside it. */
const recordCluster = (settings: ClusterSettings, names: readonly string[] = ["cluster"]) =>
  record(
    () => {
      const [cluster] = names.map((name) => createCluster(name, settings));
      if (!cluster) throw new Error("no name");
      new k8s.core.v1.Namespace("inside", {}, cluster.inside);
      const { kubeconfig, kubeconfigPath } = cluster;
      const secret = pulumi.isSecret(kubeconfig);
      const plain = pulumi.isSecret(kubeconfigPath);
      return { kubeconfig, kubeconfigPath, secret, plain, facts: cluster.facts };
    },
    {
      outputs: ({ name }) => ({
        stdout: name.endsWith("-identity")
          ? '{"uid":"uid-1","kubeconfig":"path/of/kubeconfig"}'
          : name.endsWith("-kubeconfig")
            ? "planted-token"
            : '{"nodes":[]}',
      }),
      invoke: () => ({ stdout: "planted-token" }),
    },
  );

describe("a minikube cluster", () => {
  it("gives a secret kubeconfig, a plain path and the facts", async () => {
    const { result } = await recordCluster(clusterSettings);
    expect({ ...result }).to.deep.equal({
      kubeconfig: "planted-token",
      kubeconfigPath: "path/of/kubeconfig",
      secret: true,
      plain: false,
      facts: {
        kind: "minikube",
        nodeNetwork: "192.168.49.0/24",
        podNetwork: "10.244.0.0/16",
        serviceNetwork: "10.96.0.0/12",
        loadBalancers: "metallb",
        installsCalico: true,
        singleNode: false,
      },
    });
  });

  it("keeps the kubeconfig out of logs, state and environments", async () => {
    const { resources } = await recordCluster(clusterSettings);
    const read = named(resources, "cluster-kubeconfig");
    expect(read.inputs).to.include({ logging: "none", addPreviousOutputInEnv: false });
    expect(read.secretOutputs).to.deep.equal(["stdout"]);
    for (const { name, inputs } of resources) {
      if (name === "cluster-provider") continue;
      expect(JSON.stringify(inputs), name).not.to.include("planted-token");
    }
  });

  it("is identified for its provider by its UID, with server-side apply", async () => {
    const { resources } = await recordCluster(clusterSettings);
    expect(named(resources, "cluster-provider").inputs).to.deep.include({
      clusterIdentifier: "uid-1",
      enableServerSideApply: "true",
      upsertExistingObjects: "true",
    });
  });

  it("takes along all that is in it", async () => {
    const { resources } = await recordCluster(clusterSettings);
    const { provider, deletedWith } = named(resources, "inside");
    expect({ provider, deletedWith }).to.deep.equal({
      provider: "cluster-provider",
      deletedWith: "cluster-identity",
    });
  });

  it("is changed in place by its nodes and labels, which what is read of it does not see", async () => {
    const before = await recordCluster(clusterSettings);
    const after = await recordCluster({
      ...clusterSettings,
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
    expect(changed("cluster-minikube")).to.deep.equal(["environment"]);
    for (const reader of ["cluster-identity", "cluster-kubeconfig", "cluster-provider"]) {
      expect(changed(reader), reader).to.deep.equal([]);
    }
  });

  const anew: Partial<typeof clusterSettings>[] = [
    { profile: "other" },
    { driver: "kvm2" },
    { containerRuntime: "cri-o" },
    { kubernetesVersion: "v1.34.3" },
    { memoryMiB: 4096 },
    { cpus: 4 },
    { nodeNetwork: "192.168.58.0/24" },
    { podNetwork: "10.245.0.0/16" },
    { serviceNetwork: "10.112.0.0/12" },
  ];
  for (const change of anew) {
    it(`is made anew when its ${Object.keys(change).join()} changes, the old one first`, async () => {
      const triggers = async (settings: ClusterSettings, name: string) =>
        named((await recordCluster(settings)).resources, name).inputs.triggers;
      const changed = { ...clusterSettings, ...change };
      const name = "cluster-minikube";
      expect(await triggers(changed, name)).not.to.deep.equal(
        await triggers(clusterSettings, name),
      );
      const { resources } = await recordCluster(changed);
      expect(named(resources, "cluster-minikube").deleteBeforeReplace).to.equal(true);
    });
  }

  it("takes what is read of it along when it is made anew", async () => {
    const { resources } = await recordCluster(clusterSettings);
    expect(named(resources, "cluster-identity").inputs.triggers).to.deep.equal([
      "cluster-minikube-id",
    ]);
    expect(named(resources, "cluster-kubeconfig").inputs.triggers).to.deep.equal(["uid-1"]);
  });

  it("may stand beside another in one stack", async () => {
    const { resources } = await recordCluster(clusterSettings, ["one", "two"]);
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});

describe("an existing cluster", () => {
  it("gives the kubeconfig as it is now, secret, and the path as it was given", async () => {
    const { result } = await recordCluster(existing);
    expect(result).to.include({
      kubeconfig: "planted-token",
      kubeconfigPath: "my/kubeconfig",
      secret: true,
      plain: false,
    });
    expect(result.facts).to.deep.include({ kind: "existing", installsCalico: false });
  });

  it("keeps what is in it when the stack goes to delete it", async () => {
    const { resources } = await recordCluster(existing);
    expect(named(resources, "inside")).to.include({ provider: "cluster-provider" });
    expect(named(resources, "inside")).not.to.have.property("deletedWith");
  });

  it("takes over no object that is there already", async () => {
    const { resources } = await recordCluster(existing);
    expect(named(resources, "cluster-provider").inputs).not.to.have.property(
      "upsertExistingObjects",
    );
  });

  it("runs nothing when the stack goes", async () => {
    const { resources } = await recordCluster(existing);
    for (const { inputs } of resources) expect(inputs).not.to.have.property("delete");
  });
});
