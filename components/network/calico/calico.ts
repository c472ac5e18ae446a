import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AddressBlock } from "../../../net/addresses.ts";
import { type CrdManifest, createCrds, faultsInCrds } from "../../kubernetes/crds.ts";
import { createAccount } from "../../kubernetes/rbac.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { kubeControllers } from "./kubeControllers.ts";
import { nodeConfig } from "./nodeConfig.ts";
import { nodeDaemonSet } from "./nodeDaemonSet.ts";
import { faultsInPodNetwork, poolSpec } from "./pool.ts";
import { controllerRules, nodeNamespaceRules, nodeRules, pluginRules } from "./rbac.ts";

/** Upstream's manifests use this namespace, and other tools look for Calico there. */
const namespace = "kube-system";

/** CRDs without which calico-node does not become ready. */
const neededCrds = [
  "blockaffinities",
  "clusterinformations",
  "felixconfigurations",
  "ipamblocks",
  "ipamconfigs",
  "ipamhandles",
  "ippools",
  "kubecontrollersconfigurations",
  "tiers",
].map((plural) => `${plural}.crd.projectcalico.org`);

/** Service accounts, each named like its program. */
const accounts = [
  { owner: "calico-node", clusterRules: nodeRules, namespaceRules: nodeNamespaceRules },
  { owner: "calico-cni-plugin", clusterRules: pluginRules },
  { owner: "calico-kube-controllers", clusterRules: controllerRules },
];

/** Arguments for {@link Calico}. */
export interface CalicoArgs {
  /** Images of one Calico release, 3.31. */
  readonly images: {
    readonly node: pulumi.Input<string>;
    readonly cni: pulumi.Input<string>;
    readonly kubeControllers: pulumi.Input<string>;
  };
  /** CRDs of the same release. */
  readonly crds: readonly CrdManifest[];
  /** IPv4 network of the pods' addresses, such as `10.244.0.0/16`. */
  readonly podNetwork: AddressBlock;
  /**
   * Whether Calico writes its rules with iptables or with nftables. Calico supports nftables only
   * with kube-proxy in nftables mode, and that mode only with nftables.
   * @default "iptables"
   */
  readonly rules?: "iptables" | "nftables";
}

/**
 * Calico as the cluster's network: pod addresses, VXLAN tunnels between nodes, and network policy.
 *
 * @example
 * new Calico("calico", { images, crds, podNetwork: parseNetwork("10.244.0.0/16") }, cluster.options);
 */
export class Calico extends pulumi.ComponentResource {
  constructor(name: string, args: CalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:Calico", name, {}, opts);
    rejectFaults(this, [
      ...faultsInCrds("crds", args.crds, neededCrds),
      ...faultsInPodNetwork("podNetwork", args.podNetwork),
    ]);

    const { images, podNetwork, rules = "iptables" } = args;
    const parent = { parent: this };
    const crds = createCrds(name, args.crds, parent);
    const pool = new k8s.apiextensions.CustomResource(
      `${name}-pool`,
      {
        apiVersion: "crd.projectcalico.org/v1",
        kind: "IPPool",
        metadata: { name: "default-ipv4-ippool" },
        spec: poolSpec(podNetwork),
      },
      // A pool's network is immutable and its name is fixed, so the old pool is deleted first.
      {
        ...parent,
        dependsOn: crds,
        replaceOnChanges: ["spec.cidr", "spec.blockSize"],
        deleteBeforeReplace: true,
      },
    );
    const rbac = accounts.flatMap(({ owner, ...rules }) =>
      createAccount(`${name}-${owner}`, { name: owner, namespace, ...rules }, parent),
    );
    const data = nodeConfig(rules);
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { name: "calico-config", namespace }, data },
      parent,
    );

    const nodes = new k8s.apps.v1.DaemonSet(
      `${name}-node`,
      nodeDaemonSet({
        namespace,
        nodeImage: images.node,
        cniImage: images.cni,
        config: { name: config.metadata.name, data },
      }),
      { ...parent, dependsOn: [pool, ...rbac] },
    );
    new k8s.apps.v1.Deployment(
      `${name}-kube-controllers`,
      kubeControllers(namespace, images.kubeControllers),
      // An ordinary pod starts only on a node whose calico-node has set up the network.
      { ...parent, dependsOn: nodes },
    );
    this.registerOutputs();
  }
}
