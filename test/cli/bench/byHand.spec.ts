import { expect } from "chai";

import { minikubeRequestOf, objectsOf } from "../../../cli/bench/byHand/objects.ts";
import { scriptFor } from "../../../cli/bench/byHand/script.ts";
import { compare } from "../../../cli/bench/upByHand.ts";

const request = {
  ...{ profile: "p", nodes: 2, memoryMiB: 2048, cpus: 2, kubernetesVersion: "v1.34.2" },
  ...{ driver: "docker", containerRuntime: "containerd", nodeNetwork: "192.0.2.0/24" },
  ...{ podNetwork: "10.244.0.0/16", serviceNetwork: "10.96.0.0/12", labels: {} },
  kubeProxy: { mode: "iptables" as const },
};

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const object = (kind: string, name: string, more: object = {}) => ({
  ...{ apiVersion: "v1", kind, metadata: { name, namespace: "n" }, ...more },
});

const stateOf = (...resources: readonly object[]) => ({ version: 3, deployment: { resources } });

describe("the objects of an exported stack", () => {
  it("are the Kubernetes resources in the order of the state", () => {
    const state = stateOf(
      { type: "pulumi:pulumi:Stack" },
      { type: "pulumi:providers:kubernetes", inputs: { kubeconfig: "k" } },
      { type: "kubernetes:core/v1:Service", inputs: object("Service", "a") },
      { type: "kubernetes:apps/v1:Deployment", inputs: object("Deployment", "b") },
    );
    expect(objectsOf(state)).to.deep.equal([object("Service", "a"), object("Deployment", "b")]);
  });

  it("have plain values where the state has secrets, and no keys of the engine", () => {
    const inputs = { ...object("Secret", "a"), __fieldManager: "m", data: secret({ key: "eA==" }) };
    expect(objectsOf(stateOf({ type: "kubernetes:core/v1:Secret", inputs }))).to.deep.equal([
      { ...object("Secret", "a"), data: { key: "eA==" } },
    ]);
  });

  it("come with what the stack sent to minikube", () => {
    const command = (create: string, nodes = request.nodes) => ({
      type: "command:local:Command",
      inputs: {
        create,
        environment: { PROVENET_CLUSTER: JSON.stringify({ ...request, nodes }) },
      },
    });
    const first = command("node programs/minikube/main.ts up", 1);
    const nodes = command("node programs/minikube/main.ts nodes");
    expect(minikubeRequestOf(stateOf(first, nodes))).to.deep.equal(request);
    expect(minikubeRequestOf(stateOf(command("node probe/main.ts")))).to.equal(undefined);
  });
});

describe("the script that does the same by hand", () => {
  const steps = scriptFor(
    request,
    [
      object("Namespace", "n"),
      object("CustomResourceDefinition", "c"),
      object("Deployment", "d"),
      object("DaemonSet", "e"),
      object("Service", "inner", { spec: { type: "ClusterIP" } }),
      object("Service", "outer", { spec: { type: "LoadBalancer" } }),
    ],
    false,
  );

  it("starts minikube with the arguments of the stack", () => {
    expect(steps[0]?.argv.slice(0, 3)).to.deep.equal(["minikube", "start", "--profile=p"]);
    expect(steps[0]?.argv).to.not.include("--force");
    expect(steps[0]?.argv).to.include("--nodes=2");
  });

  it("applies CRDs first and the other objects in their order", () => {
    const applied = steps
      .filter(({ name }) => name === "kubectl apply")
      .map(({ input = "" }) =>
        (JSON.parse(input) as { items: { kind: string }[] }).items.map(({ kind }) => kind),
      );
    expect(applied).to.deep.equal([
      ["CustomResourceDefinition"],
      ["Namespace", "Deployment", "DaemonSet", "Service", "Service"],
    ]);
  });

  it("waits for CRDs, workloads and addresses", () => {
    const waits = steps.filter(({ name }) => name === "kubectl wait").map(({ argv }) => argv[3]);
    expect(waits).to.deep.equal(["crd", "deployment/d", "daemonset/e", "service/outer"]);
  });
});

describe("up compared with the script", () => {
  it("is a ratio without the preparation of the machine", () => {
    const up = [
      { stage: "prepare", seconds: 50 },
      { stage: "deploy", seconds: 100 },
      { stage: "verify", seconds: 10 },
    ];
    const byHand = { "minikube start": 60, "kubectl wait": 40 };
    const [whole, cluster] = compare({ times: up, clusterSeconds: 48 }, byHand, 2);
    expect(whole?.text).to.match(/^ratio 1\.10: up 1 min 50 s with every proof/);
    expect(whole?.seconds).to.include({ prepare: 50, script: 100, "kubectl wait": 40 });
    expect(cluster?.text).to.match(
      /^ratio 0\.80: 48 s of up until every node is Ready, .* all 2 nodes 1 min 00 s/,
    );
    expect(compare({ times: up, clusterSeconds: null }, byHand, 2)).to.have.length(1);
  });
});
