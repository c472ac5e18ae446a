import { expect } from "chai";

import { Calico, type CalicoArgs } from "../../../components/network/calico/calico.ts";
import { cniConfig } from "../../../components/network/calico/nodeConfig.ts";
import { faultsInPodNetwork } from "../../../components/network/calico/pool.ts";
import { named, record, type Recorded } from "../../support/recording.ts";
import { at, calicoDefinitions, containers, failureOf, podSpec, rulesOf } from "./given.ts";

const args: CalicoArgs = {
  images: { calicoNode: "node:1", calicoCni: "cni:1", calicoKubeControllers: "controllers:1" },
  definitions: calicoDefinitions,
  podNetwork: "10.244.0.0/16",
};

const resourcesOf = async (given: Partial<CalicoArgs> = {}): Promise<readonly Recorded[]> => {
  const { resources } = await record(() => {
    new Calico("calico", { ...args, ...given });
  });
  return resources;
};

const environment = (resources: readonly Recorded[], variable: string): unknown => {
  const env = at(podSpec(named(resources, "calico-node")), "containers", 0, "env");
  return (env as { name: string; value?: string }[]).find(({ name }) => name === variable)?.value;
};

describe("Calico", () => {
  it("consists of definitions, pool, configuration, rights, one DaemonSet and one Deployment", async () => {
    const resources = await resourcesOf();
    const kinds = resources
      .filter(({ type }) => !type.endsWith(":CustomResourceDefinition"))
      .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`);
    expect(kinds).to.have.members([
      "Calico calico",
      "IPPool calico-pool",
      "ConfigMap calico-config",
      "ServiceAccount calico-calico-node-account",
      "ServiceAccount calico-calico-cni-plugin-account",
      "ServiceAccount calico-calico-kube-controllers-account",
      "ClusterRole calico-calico-node-cluster-role",
      "ClusterRoleBinding calico-calico-node-cluster-role-binding",
      "ClusterRole calico-calico-cni-plugin-cluster-role",
      "ClusterRoleBinding calico-calico-cni-plugin-cluster-role-binding",
      "ClusterRole calico-calico-kube-controllers-cluster-role",
      "ClusterRoleBinding calico-calico-kube-controllers-cluster-role-binding",
      "Role calico-calico-node-role",
      "RoleBinding calico-calico-node-role-binding",
      "DaemonSet calico-node",
      "Deployment calico-kube-controllers",
    ]);
  });

  it("gives pods addresses of the pod network and wraps packets between nodes in VXLAN", async () => {
    const pool = named(await resourcesOf(), "calico-pool");
    expect(pool.inputs.spec).to.include({
      cidr: "10.244.0.0/16",
      vxlanMode: "Always",
      ipipMode: "Never",
      natOutgoing: true,
    });
  });

  it("wraps only between networks when told so", async () => {
    const pool = named(await resourcesOf({ encapsulation: "VXLANCrossSubnet" }), "calico-pool");
    expect(at(pool.inputs, "spec", "vxlanMode")).to.equal("CrossSubnet");
  });

  it("replaces the pool when its network changes, the old one first", async () => {
    const pool = named(await resourcesOf(), "calico-pool");
    expect(pool.replaceOnChanges).to.deep.equal(["spec.cidr", "spec.blockSize"]);
    expect(pool.deleteBeforeReplace).to.equal(true);
  });

  it("leaves the pool to this program and takes the address the other nodes know", async () => {
    const resources = await resourcesOf();
    expect(environment(resources, "NO_DEFAULT_POOLS")).to.equal("true");
    expect(environment(resources, "IP_AUTODETECTION_METHOD")).to.equal("kubernetes-internal-ip");
  });

  it("runs on a node that is not ready yet, before any other pod is evicted", async () => {
    const pod = podSpec(named(await resourcesOf(), "calico-node"));
    expect(at(pod, "priorityClassName")).to.equal("system-node-critical");
    expect(at(pod, "hostNetwork")).to.equal(true);
    expect(at(pod, "tolerations")).to.deep.include({ operator: "Exists", effect: "NoSchedule" });
  });

  it("asks Felix itself whether it is ready and alive", async () => {
    const node = at(podSpec(named(await resourcesOf(), "calico-node")), "containers", 0);
    expect(at(node, "readinessProbe", "exec", "command")).to.deep.equal([
      "/bin/calico-node",
      "-felix-ready",
    ]);
    expect(at(node, "livenessProbe", "exec", "command")).to.deep.equal([
      "/bin/calico-node",
      "-felix-live",
    ]);
  });

  it("reserves processor and memory for every container", async () => {
    const found = containers(await resourcesOf());
    expect(found.map(({ name }) => name)).to.have.members([
      "install-cni",
      "calico-node",
      "calico-kube-controllers",
    ]);
    for (const { name, spec } of found) {
      expect(at(spec, "resources", "requests"), name).to.have.all.keys("cpu", "memory");
    }
  });

  it("starts workloads after definitions, pool and rights", async () => {
    const { dependsOn } = named(await resourcesOf(), "calico-node");
    expect(dependsOn).to.include.members([
      "calico-ippools.crd.projectcalico.org",
      "calico-pool",
      "calico-calico-node-cluster-role-binding",
      "calico-calico-cni-plugin-cluster-role-binding",
      "calico-calico-node-role-binding",
    ]);
  });

  it("starts the controllers once the nodes have a network", async () => {
    const { dependsOn } = named(await resourcesOf(), "calico-kube-controllers");
    expect(dependsOn).to.include("calico-node");
  });

  it("replaces calico-node's pods when their configuration changes, and only then", async () => {
    const hashOf = (resources: readonly Recorded[]) =>
      at(
        named(resources, "calico-node").inputs,
        ...["spec", "template", "metadata", "annotations", "provenet/config-hash"],
      );
    const [first, again, other] = [
      await resourcesOf(),
      await resourcesOf(),
      await resourcesOf({ mtuBytes: 1400 }),
    ].map(hashOf);
    expect(first).to.be.a("string").and.equal(again);
    expect(other).not.to.equal(first);
  });

  it("grants no wildcard, and no secrets", async () => {
    const rules = rulesOf(await resourcesOf());
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...(apiGroups ?? []), ...(resources ?? []), ...(verbs ?? [])]).not.to.include("*");
      expect(resources).not.to.include("secrets");
    }
  });

  it("lets calico-node make tokens for the CNI plugin's account alone", async () => {
    const rules = rulesOf(await resourcesOf());
    const tokens = rules.filter(({ resources }) => resources?.includes("serviceaccounts/token"));
    expect(tokens.map(({ resourceNames }) => resourceNames)).to.deep.equal([["calico-cni-plugin"]]);
  });

  it("resolves to the pool's name", async () => {
    const { result } = await record(() => ({ ready: new Calico("calico", args).ready }));
    expect(result).to.deep.equal({ ready: "default-ipv4-ippool" });
  });

  it("names all faults of its arguments at once", async () => {
    const message = await failureOf(resourcesOf({ definitions: [], podNetwork: "10.244.0.0/33" }));
    expect(message).to.contain("lacks ippools.crd.projectcalico.org");
    expect(message).to.contain("lacks tiers.crd.projectcalico.org");
    expect(message).to.contain('podNetwork: "10.244.0.0/33" is not a network');
  });
});

describe("Calico's CNI configuration", () => {
  it("is JSON whose words in capitals the installer fills in", () => {
    const parsed: unknown = JSON.parse(cniConfig(1400));
    expect(at(parsed, "plugins", 0, "mtu")).to.equal(1400);
    expect(at(parsed, "plugins", 0, "nodename")).to.equal("__KUBERNETES_NODE_NAME__");
    expect(at(parsed, "plugins", 1, "type")).to.equal("portmap");
  });
});

describe("a pod network", () => {
  for (const network of ["10.244.0.0/16", "192.168.0.0/26"]) {
    it(`may be ${network}`, () => {
      expect(faultsInPodNetwork("podNetwork", network)).to.deep.equal([]);
    });
  }
  for (const [network, why] of [
    ["10.244.0.0/27", "smaller than one node's block"],
    ["fd00::/64", "is IPv6"],
    ["10.244.0.1/16", "has bits set after its prefix"],
    ["pods", "is not a network"],
  ] as const) {
    it(`may not be ${network}`, () => {
      const [fault] = faultsInPodNetwork("podNetwork", network);
      expect(fault?.reason).to.contain(why);
    });
  }
});
