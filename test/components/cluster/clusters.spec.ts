import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { createCluster } from "../../../components/cluster/createCluster.ts";
import type {
  ClusterSettings,
  ExistingSettings,
  MinikubeSettings,
} from "../../../components/config/schema/cluster.ts";
import { parseNetwork } from "../../../net/addresses.ts";
import { minikubeRequestSchema } from "../../../programs/minikube/request.ts";
import { expectationSchema } from "../../../programs/kubeconfig/request.ts";
import { nodesStdout } from "../../support/nodes.ts";
import { named, record } from "../../support/recording.ts";

const networks = {
  nodeNetwork: parseNetwork("192.168.49.0/24"),
  podNetwork: parseNetwork("10.244.0.0/16"),
  serviceNetwork: parseNetwork("10.96.0.0/12"),
};

const minikube: MinikubeSettings = {
  kind: "minikube",
  profile: "provenet",
  nodes: 2,
  memoryMiB: 3072,
  cpus: 2,
  kubernetesVersion: "v1.34.2",
  driver: "docker",
  containerRuntime: "containerd",
  kubeProxy: { mode: "iptables" },
  labels: {},
  ...networks,
};

const existing: ExistingSettings = {
  kind: "existing",
  kubeconfigFile: "my/kubeconfig",
  installCalico: false,
  ...networks,
};

/** Arguments of the functions that the last recorded program called. */
let invoked: Readonly<Record<string, unknown>>[] = [];

/** Records a cluster and one object inside it. */
const recordCluster = (settings: ClusterSettings, names: readonly string[] = ["cluster"]) =>
  record(
    () => {
      invoked = [];
      const [cluster] = names.map((name) => createCluster(name, settings));
      if (!cluster) throw new Error("no name");
      new k8s.core.v1.Namespace("inside", {}, cluster.options);
      for (const output of ["kubeconfig", "kubeconfigPath", "context", "uid"] as const) {
        new k8s.core.v1.Namespace(`uses-${output}`, { metadata: { name: cluster[output] } });
      }
      const { kubeconfig, kubeconfigPath } = cluster;
      const secret = pulumi.isSecret(kubeconfig);
      const { context, uid } = cluster;
      const plain = pulumi
        .all([kubeconfigPath, context, uid].map((output) => pulumi.isSecret(output)))
        .apply((secrets) => secrets.some(Boolean));
      const facts = { ...cluster.facts, podNetwork: cluster.facts.podNetwork.text };
      return { kubeconfig, kubeconfigPath, context, secret, plain, facts };
    },
    {
      outputs: ({ name }) => ({
        stdout: name.endsWith("-identity")
          ? '{"schemaVersion":1,"uid":"uid-1","context":"home","kubeconfig":"path/of/kubeconfig"}'
          : name.endsWith("-kubeconfig")
            ? "planted-token"
            : nodesStdout,
      }),
      invoke: (_, inputs) => {
        invoked.push(inputs);
        const reading = JSON.parse(nodesStdout) as object;
        return { stdout: JSON.stringify({ ...reading, kubeconfig: "planted-token" }) };
      },
    },
  );

describe("a minikube cluster", () => {
  it("has a secret kubeconfig, a plain path and facts", async () => {
    const { result } = await recordCluster(minikube);
    expect({ ...result }).to.deep.equal({
      kubeconfig: "planted-token",
      kubeconfigPath: "path/of/kubeconfig",
      context: "provenet",
      secret: true,
      plain: false,
      facts: {
        podNetwork: "10.244.0.0/16",
        loadBalancers: "metallb",
        calico: "install",
        kubeProxyMode: "iptables",
      },
    });
  });

  it("passes its program a request that the program accepts, with networks as text", async () => {
    const { resources } = await recordCluster(minikube);
    for (const role of ["minikube", "nodes", "identity", "kubeconfig"]) {
      const { inputs } = named(resources, `cluster-${role}`);
      const { PROVENET_CLUSTER } = inputs.environment as Record<string, string>;
      const request = minikubeRequestSchema.parse(JSON.parse(PROVENET_CLUSTER ?? ""));
      expect(request, role).to.include({
        nodeNetwork: "192.168.49.0/24",
        podNetwork: "10.244.0.0/16",
        serviceNetwork: "10.96.0.0/12",
      });
    }
  });

  it("keeps the kubeconfig out of logs, state and environments", async () => {
    const { resources } = await recordCluster(minikube);
    const read = named(resources, "cluster-kubeconfig");
    expect(read.inputs).to.include({ logging: "none", addPreviousOutputInEnv: false });
    expect(read.secretOutputs).to.deep.equal(["stdout"]);
    for (const { name, inputs } of resources) {
      if (name === "cluster-provider" || name.startsWith("uses-")) continue;
      expect(JSON.stringify(inputs), name).not.to.include("planted-token");
    }
  });

  it("identifies its provider by its UID, with server-side apply", async () => {
    const { resources } = await recordCluster(minikube);
    expect(named(resources, "cluster-provider").inputs).to.deep.include({
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
    for (const role of ["minikube", "identity", "kubeconfig", "provider"]) {
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
    expect(named(resources, "cluster-kubeconfig").inputs.triggers).to.deep.equal(["uid-1"]);
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await recordCluster(minikube, ["one", "two"]);
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});

describe("an existing cluster", () => {
  it("has the current kubeconfig, secret, and the path from the arguments", async () => {
    const { result } = await recordCluster(existing);
    expect(result).to.include({
      kubeconfig: "planted-token",
      kubeconfigPath: "my/kubeconfig",
      context: "home",
      secret: true,
      plain: false,
    });
    expect(result.facts).to.deep.include({ loadBalancers: "metallb", calico: "none" });
  });

  it("is read through the recorded context, and the recorded UID is compared", async () => {
    await recordCluster(existing);
    expect(invoked).to.have.length(1);
    expect(invoked[0]).to.have.property("command", "node programs/kubeconfig/main.ts read");
    expect(invoked[0]?.environment).to.include({
      KUBECONFIG: "my/kubeconfig",
      PROVENET_CONTEXT: "home",
      PROVENET_CLUSTER_UID: "uid-1",
    });
  });

  it("is compared with what the configuration says about it", async () => {
    const expectation = () => {
      const { PROVENET_EXPECTED } = invoked[0]?.environment as Record<string, string>;
      return expectationSchema.parse(JSON.parse(PROVENET_EXPECTED ?? ""));
    };
    const { result } = await recordCluster(existing);
    const said = { podNetwork: "10.244.0.0/16", kubeProxyMode: "unknown", installCalico: false };
    expect(expectation()).to.deep.equal(said);
    expect(result.facts).to.include({ kubeProxyMode: "unknown" });
    const whole = { kubeProxyMode: "ipvs", architecture: "arm64", installCalico: true } as const;
    const other = await recordCluster({ ...existing, ...whole });
    expect(expectation()).to.deep.equal({ ...said, ...whole });
    expect(other.result.facts).to.include({ kubeProxyMode: "ipvs" });
  });

  it("is identified again, and so replaced, by another context or kubeconfig alone", async () => {
    const identity = async (changes: Partial<ExistingSettings>) =>
      named((await recordCluster({ ...existing, ...changes })).resources, "cluster-identity")
        .inputs;
    expect((await identity({})).triggers).to.deep.equal(["my/kubeconfig"]);
    expect(await identity({ context: "work" })).to.deep.include({
      triggers: ["my/kubeconfig", "work"],
      environment: { KUBECONFIG: "my/kubeconfig", PROVENET_CONTEXT: "work" },
    });
    expect((await identity({ kubeconfigFile: "other" })).triggers).to.deep.equal(["other"]);
    const network = await identity({ podNetwork: parseNetwork("10.245.0.0/16") });
    expect(network).to.deep.equal(await identity({}));
  });

  it("passes the recorded identity to an update in place", async () => {
    const { resources } = await recordCluster(existing);
    const { create, update, ...others } = named(resources, "cluster-identity").inputs;
    expect(update).to.equal(create);
    expect(others).not.to.have.property("addPreviousOutputInEnv");
  });

  it("deletes its objects one by one when the stack is destroyed", async () => {
    const { resources } = await recordCluster(existing);
    expect(named(resources, "inside")).to.include({ provider: "cluster-provider" });
    expect(named(resources, "inside")).not.to.have.property("deletedWith");
  });

  it("takes over no object that already exists", async () => {
    const { resources } = await recordCluster(existing);
    expect(named(resources, "cluster-provider").inputs).not.to.have.property(
      "upsertExistingObjects",
    );
  });

  it("runs nothing when the stack is destroyed", async () => {
    const { resources } = await recordCluster(existing);
    for (const { inputs } of resources) expect(inputs).not.to.have.property("delete");
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await recordCluster(existing, ["one", "two"]);
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});

for (const [kind, settings, source] of [
  ["a minikube cluster", minikube, "cluster-kubeconfig"],
  ["an existing cluster", existing, "cluster-identity"],
] as const) {
  describe(kind, () => {
    it("resolves every output only after the API server has answered", async () => {
      const { resources } = await recordCluster(settings);
      const dependenciesOf = (output: string) => named(resources, `uses-${output}`).dependsOn;
      expect(dependenciesOf("kubeconfig")).to.include(source);
      expect(dependenciesOf("kubeconfigPath")).to.include("cluster-identity");
      expect(dependenciesOf("context")).to.include("cluster-identity");
      expect(dependenciesOf("uid")).to.include("cluster-identity");
    });
  });
}
