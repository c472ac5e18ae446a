import { expect } from "chai";

import { LoadBalancerPool } from "../../../components/network/loadBalancerPool/loadBalancerPool.ts";
import { MetalLb, type MetalLbArgs } from "../../../components/network/metalLb/metalLb.ts";
import { parseNetwork } from "../../../net/addresses.ts";
import { named, record, type Recorded } from "../../support/recording.ts";
import { at, containers, failureOf, metalLbArgs as args, podSpec, rulesOf } from "./given.ts";

const resourcesOf = async (given: Partial<MetalLbArgs> = {}): Promise<readonly Recorded[]> => {
  const { resources } = await record(() => {
    new MetalLb("metallb", { ...args, ...given });
  });
  return resources;
};

const container = (resources: readonly Recorded[], workload: string): unknown =>
  at(podSpec(named(resources, workload)), "containers", 0);

describe("MetalLb", () => {
  it("consists of CRDs, namespace, exclusions, RBAC and two workloads", async () => {
    const resources = await resourcesOf();
    const kinds = resources
      .filter(({ type }) => !type.endsWith(":CustomResourceDefinition"))
      .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`);
    expect(kinds).to.have.members([
      "MetalLb metallb",
      "Namespace metallb-namespace",
      "ConfigMap metallb-excluded-interfaces",
      ...["controller", "speaker"].flatMap((owner) => [
        `ServiceAccount metallb-${owner}-account`,
        `ClusterRole metallb-${owner}-cluster-role`,
        `ClusterRoleBinding metallb-${owner}-cluster-role-binding`,
        `Role metallb-${owner}-role`,
        `RoleBinding metallb-${owner}-role-binding`,
      ]),
      "Deployment metallb-controller",
      "DaemonSet metallb-speaker",
    ]);
  });

  it("has no admission webhook and no conversion webhook", async () => {
    const resources = await resourcesOf();
    expect(at(container(resources, "metallb-controller"), "args")).to.include(
      "--webhook-mode=disabled",
    );
    const peers = named(resources, "metallb-bgppeers.metallb.io");
    expect(at(peers.inputs, "spec", "conversion")).to.deep.equal({ strategy: "None" });
  });

  it("keeps no secret, because the controller creates the one that speakers share", async () => {
    const resources = await resourcesOf();
    expect(resources.map(({ type }) => type)).not.to.include("kubernetes:core/v1:Secret");
    expect(at(container(resources, "metallb-controller"), "env")).to.deep.include({
      name: "METALLB_ML_SECRET_NAME",
      value: "memberlist",
    });
    expect(named(resources, "metallb-speaker").dependsOn).to.include("metallb-controller");
  });

  it("serves its health on a port other than the metrics port", async () => {
    const controller = container(await resourcesOf(), "metallb-controller");
    expect(at(controller, "readinessProbe", "httpGet")).to.deep.equal({
      path: "/readyz",
      port: "health",
    });
    expect(at(controller, "ports")).to.deep.include({ name: "health", containerPort: 17472 });
  });

  it("probes a speaker on the node's loopback", async () => {
    const speaker = container(await resourcesOf(), "metallb-speaker");
    expect(at(speaker, "readinessProbe", "httpGet", "host")).to.equal("127.0.0.1");
  });

  it("does not announce from nodes that are excluded from load balancers", async () => {
    const speaker = container(await resourcesOf(), "metallb-speaker");
    expect(at(speaker, "args")).not.to.include("--ignore-exclude-lb");
  });

  it("announces from excluded nodes with ignoreExcludedNodes", async () => {
    const resources = await resourcesOf({ ignoreExcludedNodes: true });
    expect(at(container(resources, "metallb-speaker"), "args")).to.include("--ignore-exclude-lb");
  });

  it("lets a speaker use raw sockets and nothing else", async () => {
    const speaker = container(await resourcesOf(), "metallb-speaker");
    expect(at(speaker, "securityContext", "capabilities")).to.deep.equal({
      drop: ["ALL"],
      add: ["NET_RAW"],
    });
  });

  it("reserves processor and memory for every container", async () => {
    for (const { name, spec } of containers(await resourcesOf())) {
      expect(at(spec, "resources", "requests"), name).to.have.all.keys("cpu", "memory");
    }
  });

  it("grants no wildcard verb and no access to CRDs or webhooks", async () => {
    for (const { apiGroups, verbs } of rulesOf(await resourcesOf())) {
      expect(verbs).not.to.include("*");
      expect(apiGroups).not.to.include.oneOf([
        "apiextensions.k8s.io",
        "admissionregistration.k8s.io",
        "policy",
      ]);
    }
  });

  it("resolves its namespace once the speakers are ready", async () => {
    const { resources, result } = await record(() => {
      const { namespace } = new MetalLb("metallb", args);
      const blocks = [parseNetwork("192.0.2.0/28")];
      new LoadBalancerPool("home", { namespace, poolName: "home", blocks });
      return { namespace };
    });
    expect(result).to.deep.equal({ namespace: "metallb-system" });
    expect(named(resources, "home-pool").dependsOn).to.include("metallb-speaker");
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(() => {
      new MetalLb("one", args);
      new MetalLb("two", args);
    });
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });

  it("names every CRD that is missing", async () => {
    const message = await failureOf(resourcesOf({ crds: args.crds.slice(2) }));
    expect(message).to.contain("lacks bgppeers.metallb.io");
    expect(message).to.contain("lacks bfdprofiles.metallb.io");
    expect(message).not.to.contain("communities");
  });
});
