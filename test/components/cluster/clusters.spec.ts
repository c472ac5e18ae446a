import { expect } from "chai";

import type { ExistingSettings } from "../../../components/config/schema/cluster.ts";
import { parseNetwork } from "../../../net/addresses.ts";
import { expectationSchema } from "../../../programs/kubeconfig/request.ts";
import { existing, invoked, minikube, recordCluster } from "../../support/clusters.ts";
import { named } from "../../support/recording.ts";

/** A secret as the engine receives it. */
const secretOf = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("an existing cluster", () => {
  it("has the kubeconfig that was read now, and the path from the arguments", async () => {
    const { result, resources } = await recordCluster(existing);
    const { kubeconfig } = named(resources, "cluster-provider").inputs;
    expect(kubeconfig).to.deep.equal(secretOf("planted-token"));
    expect(result).to.include({ kubeconfigPath: "my/kubeconfig", context: "home", plain: false });
    expect(result.facts).to.deep.equal({
      networks: ["10.244.0.0/16", undefined, undefined],
      driver: undefined,
      loadBalancers: "metallb",
      calico: "none",
      kubeProxyMode: "unknown",
    });
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

for (const [kind, settings] of [
  ["a minikube cluster", minikube],
  ["an existing cluster", existing],
] as const) {
  describe(kind, () => {
    it("resolves every output only after the API server has answered", async () => {
      const { resources } = await recordCluster(settings);
      const dependenciesOf = (output: string) => named(resources, `uses-${output}`).dependsOn;
      expect(dependenciesOf("kubeconfigPath")).to.include("cluster-identity");
      expect(dependenciesOf("context")).to.include("cluster-identity");
      expect(dependenciesOf("uid")).to.include("cluster-identity");
    });
  });
}
