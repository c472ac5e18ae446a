import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { ClusterAccess, ClusterFacts } from "../../../components/cluster/access.ts";
import { Network, type NetworkArgs } from "../../../components/network/network.ts";
import { unknownKernel } from "../../../kube/kernel.ts";
import type { NodeFacts } from "../../../kube/nodes.ts";
import { parseAddress, parseBlock, parseNetwork } from "../../../net/addresses.ts";
import { parseVantage } from "../../../net/vantage.ts";
import { type Recorded, named, record } from "../../support/recording.ts";
import { nodeWith } from "../../support/nodes.ts";
import { at, calicoArgs, metalLbArgs, podSpec, withAddress } from "./given.ts";

const args: NetworkArgs = {
  calico: calicoArgs,
  metalLb: metalLbArgs,
  pools: [{ name: "home", blocks: [parseBlock("192.0.2.10-192.0.2.20")] }],
  ingress: { image: "ingress:1", className: "nginx", address: { pool: "home" } },
  routes: [
    {
      name: "route-host",
      on: parseVantage("host"),
      to: parseNetwork("192.0.2.0/24"),
      via: parseAddress("198.51.100.1"),
      vantageId: "net:[1]",
    },
  ],
};

const facts: ClusterFacts = {
  podNetwork: parseNetwork("10.244.0.0/16"),
  nodeNetwork: parseNetwork("192.168.49.0/24"),
  serviceNetwork: parseNetwork("10.96.0.0/12"),
  driver: "docker",
  loadBalancers: "metallb",
  calico: "install",
  kubeProxyMode: "iptables",
};

const excluded = { "node.kubernetes.io/exclude-from-external-load-balancers": "" };

const clusterWith = (
  name: string,
  changes: Partial<ClusterFacts> = {},
  nodes: readonly NodeFacts[] = [nodeWith()],
): ClusterAccess => ({
  kubeconfigPath: pulumi.output("path"),
  context: pulumi.output("home"),
  uid: pulumi.output("uid-1"),
  facts: { ...facts, ...changes },
  nodes: pulumi.output(nodes),
  kernel: pulumi.output(unknownKernel),
  options: { provider: new k8s.Provider(`${name}-provider`) },
});

/** Records a network and one object of an application in it. */
const run = (
  changes: Partial<ClusterFacts> = {},
  given: Partial<NetworkArgs> = {},
  nodes?: readonly NodeFacts[],
) =>
  record(
    () => {
      const network = new Network(
        "network",
        { ...args, ...given },
        clusterWith("cluster", changes, nodes),
      );
      new k8s.core.v1.Namespace("inside", {}, network.workloads);
      const { endpoints, path } = network;
      return { endpoints, path };
    },
    { outputs: withAddress },
  );

const stagesOf = (resources: readonly Recorded[]): string[] =>
  resources
    .filter(({ parent }) => parent === "network")
    .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`);

describe("Network", () => {
  it("has routes, Calico, MetalLB, a pool for each in the settings, and an ingress controller", async () => {
    expect(stagesOf((await run()).resources)).to.have.members([
      "HostRoute network-route-host",
      "Calico network-calico",
      "MetalLb network-metallb",
      "LoadBalancerPool network-pool-home",
      "IngressController network-ingress",
    ]);
  });

  it("installs no Calico on a cluster that has a network plugin", async () => {
    const { resources } = await run({ calico: "none" });
    expect(stagesOf(resources)).not.to.include("Calico network-calico");
    expect(stagesOf(resources)).to.include("MetalLb network-metallb");
  });

  it("leaves addresses to a cloud that assigns them", async () => {
    const { resources } = await run({ loadBalancers: "cloud" });
    expect(stagesOf(resources)).to.deep.equal([
      "HostRoute network-route-host",
      "Calico network-calico",
      "IngressController network-ingress",
    ]);
    const calico = "network-calico-kube-controllers";
    expect(named(resources, "network-ingress").dependsOn).to.include(calico);
  });

  const noSchedule = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
  const preferNoSchedule = { ...noSchedule, effect: "PreferNoSchedule" };
  const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
  const announcing: [string, readonly NodeFacts[], boolean][] = [
    ["runs pods", [nodeWith({ labels: excluded }), nodeWith()], true],
    ["should not run pods", [nodeWith({ labels: excluded, taints: [preferNoSchedule] })], true],
    ["is not ready yet", [nodeWith({ labels: excluded, taints: [notReady] })], true],
    [
      "is not ready and runs no pods",
      [nodeWith({ labels: excluded, taints: [notReady, noSchedule] })],
      false,
    ],
    ["runs no pods", [nodeWith({ labels: excluded, taints: [noSchedule] }), nodeWith()], false],
    ["has no label", [nodeWith(), nodeWith()], false],
  ];
  for (const [which, nodes, announces] of announcing) {
    it(`${announces ? "announces" : "does not announce"} from an excluded node that ${which}`, async () => {
      const { resources } = await run({}, {}, nodes);
      const speaker = podSpec(named(resources, "network-metallb-speaker"));
      const speakerArgs = at(speaker, "containers", 0, "args") as string[];
      expect(speakerArgs.includes("--ignore-exclude-lb")).to.equal(announces);
    });
  }

  it("creates an application's objects after the ingress class, and not after its controller", async () => {
    const { provider, dependsOn } = named((await run()).resources, "inside");
    expect(provider).to.equal("cluster-provider");
    expect(dependsOn).to.deep.equal(["network-ingress-class"]);
  });

  it("publishes the ingress controller's port", async () => {
    expect((await run()).result.endpoints).to.deep.equal([
      {
        name: "ingress",
        address: "192.0.2.7",
        service: { namespace: "ingress-nginx", name: "ingress-nginx-controller" },
        expect: { kind: "tcp", port: 80 },
      },
    ]);
  });

  it("waits for the Calico of a cloud, and manages nothing of it", async () => {
    const { resources } = await run({ calico: "addon", loadBalancers: "cloud" });
    expect(stagesOf(resources)).to.deep.equal([
      "HostRoute network-route-host",
      "CalicoAddon network-calico",
      "IngressController network-ingress",
    ]);
    const wait = named(resources, "network-calico-ready");
    expect(wait.inputs).to.deep.include({
      environment: { KUBECONFIG: "path" },
      triggers: ["uid-1"],
    });
    expect(wait.inputs).not.to.have.property("delete");
    expect(named(resources, "network-ingress").dependsOn).to.include("network-calico-ready");
  });

  it("has no image in its path that it does not run", async () => {
    const { result } = await run({ calico: "addon", loadBalancers: "cloud" });
    expect(result.path).to.deep.equal([
      "host 192.0.2.0/24 via 198.51.100.1 net:[1] uid-1",
      "ingress:1",
    ]);
  });

  it("has a path of routes and images, by which a verdict becomes stale", async () => {
    expect((await run()).result.path).to.deep.equal([
      "host 192.0.2.0/24 via 198.51.100.1 net:[1] uid-1",
      "node:1",
      "cni:1",
      "controllers:1",
      "controller:1",
      "speaker:1",
      "ingress:1",
    ]);
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(
      () => {
        for (const name of ["one", "two"]) new Network(name, args, clusterWith(name));
      },
      { outputs: withAddress },
    );
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});
