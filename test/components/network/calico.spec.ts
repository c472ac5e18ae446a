import { expect } from "chai";

import { Calico, type CalicoArgs } from "../../../components/network/calico/calico.ts";
import { nodeConfig } from "../../../components/network/calico/nodeConfig.ts";
import { faultsInPodNetwork } from "../../../components/network/calico/pool.ts";
import { configHash } from "../../../components/kubernetes/configHash.ts";
import { parseNetwork } from "../../../net/addresses.ts";
import { named, record, type Recorded } from "../../support/recording.ts";
import { at, calicoArgs as args, containers, failureOf, podSpec, rulesOf } from "./given.ts";

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
  it("consists of CRDs, pool, configuration, RBAC, one DaemonSet and one Deployment", async () => {
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

  it("assigns pods addresses of the pod network and tunnels packets between nodes with VXLAN", async () => {
    const pool = named(await resourcesOf(), "calico-pool");
    expect(pool.inputs.spec).to.include({
      cidr: "10.244.0.0/16",
      vxlanMode: "Always",
      ipipMode: "Never",
      natOutgoing: true,
    });
  });

  it("deletes the pool before it is replaced, when its network changes", async () => {
    const pool = named(await resourcesOf(), "calico-pool");
    expect(pool.replaceOnChanges).to.deep.equal(["spec.cidr", "spec.blockSize"]);
    expect(pool.deleteBeforeReplace).to.equal(true);
  });

  it("creates no pool by itself and uses the node address that the other nodes know", async () => {
    const resources = await resourcesOf();
    expect(environment(resources, "NO_DEFAULT_POOLS")).to.equal("true");
    expect(environment(resources, "IP_AUTODETECTION_METHOD")).to.equal("kubernetes-internal-ip");
  });

  for (const [rules, mode] of [
    ["iptables", "Disabled"],
    ["nftables", "Enabled"],
  ] as const) {
    it(`writes its rules with ${rules} when that is what kube-proxy uses`, async () => {
      const resources = await resourcesOf({ rules });
      expect(named(resources, "calico-config").inputs.data).to.include({ nftables_mode: mode });
      const env = at(podSpec(named(resources, "calico-node")), "containers", 0, "env");
      const felix = (env as { name: string }[]).find(({ name }) => name === "FELIX_NFTABLESMODE");
      expect(at(felix, "valueFrom", "configMapKeyRef", "key")).to.equal("nftables_mode");
    });
  }

  it("runs on a node that is not ready, with the highest priority", async () => {
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

  it("starts calico-node after the pool and RBAC, and the pool after its CRD", async () => {
    const resources = await resourcesOf();
    expect(named(resources, "calico-pool").dependsOn).to.include(
      "calico-ippools.crd.projectcalico.org",
    );
    expect(named(resources, "calico-node").dependsOn).to.include.members([
      "calico-pool",
      "calico-calico-node-cluster-role-binding",
      "calico-calico-cni-plugin-cluster-role-binding",
      "calico-calico-node-role-binding",
    ]);
  });

  it("starts the controllers after the nodes have a network", async () => {
    const { dependsOn } = named(await resourcesOf(), "calico-kube-controllers");
    expect(dependsOn).to.include("calico-node");
  });

  it("replaces calico-node's pods when their configuration changes", async () => {
    const { inputs } = named(await resourcesOf(), "calico-node");
    expect(at(inputs, "spec", "template", "metadata", "annotations")).to.deep.equal(
      configHash(nodeConfig("iptables")),
    );
  });

  it("grants no wildcard, and no secrets", async () => {
    const rules = rulesOf(await resourcesOf());
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...(apiGroups ?? []), ...(resources ?? []), ...(verbs ?? [])]).not.to.include("*");
      expect(resources).not.to.include("secrets");
    }
  });

  it("lets calico-node create tokens only for the CNI plugin's account", async () => {
    const rules = rulesOf(await resourcesOf());
    const tokens = rules.filter(({ resources }) => resources?.includes("serviceaccounts/token"));
    expect(tokens.map(({ resourceNames }) => resourceNames)).to.deep.equal([["calico-cni-plugin"]]);
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(() => {
      new Calico("one", args);
      new Calico("two", args);
    });
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });

  it("names all faults of its arguments at once", async () => {
    const message = await failureOf(
      resourcesOf({ crds: [], podNetwork: parseNetwork("10.244.0.0/27") }),
    );
    expect(message).to.contain("lacks ippools.crd.projectcalico.org");
    expect(message).to.contain("lacks tiers.crd.projectcalico.org");
    expect(message).to.contain('podNetwork: "10.244.0.0/27" is smaller');
  });
});

describe("Calico's CNI configuration", () => {
  it("is JSON with the words in capitals that the installer replaces", () => {
    const parsed: unknown = JSON.parse(nodeConfig("iptables").cni_network_config ?? "");
    expect(at(parsed, "plugins", 0, "nodename")).to.equal("__KUBERNETES_NODE_NAME__");
    expect(at(parsed, "plugins", 1, "type")).to.equal("portmap");
  });
});

describe("a pod network", () => {
  for (const network of ["10.244.0.0/16", "192.168.0.0/26"]) {
    it(`may be ${network}`, () => {
      expect(faultsInPodNetwork("podNetwork", parseNetwork(network))).to.deep.equal([]);
    });
  }
  for (const [network, why] of [
    ["10.244.0.0/27", "smaller than one node's block"],
    ["fd00::/64", "is IPv6"],
  ] as const) {
    it(`may not be ${network}`, () => {
      const [fault] = faultsInPodNetwork("podNetwork", parseNetwork(network));
      expect(fault?.reason).to.contain(why);
    });
  }
});
