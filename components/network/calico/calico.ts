import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { CustomResourceDefinitionManifest } from "../../config/settings.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { kubeControllers } from "./kubeControllers.ts";
import { nodeConfig } from "./nodeConfig.ts";
import { nodeDaemonSet } from "./nodeDaemonSet.ts";
import { type Encapsulation, faultsInPodNetwork, poolSpec } from "./pool.ts";
import { controllerRules, nodeNamespaceRules, nodeRules, pluginRules } from "./rules.ts";
import { dataHash } from "../../kubernetes/configHash.ts";
import { createDefinitions, faultsInDefinitions } from "../../kubernetes/crds.ts";
import { grantInCluster, grantInNamespace } from "../../kubernetes/rbac.ts";

/** Where upstream's manifests put Calico, and where other tools look for it. */
const namespace = "kube-system";

/** Definitions without which calico-node does not get ready. */
const neededDefinitions = [
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

/** Arguments for {@link Calico}. */
export interface CalicoArgs {
  /** Images of one Calico release, 3.31. */
  readonly images: {
    readonly calicoNode: pulumi.Input<string>;
    readonly calicoCni: pulumi.Input<string>;
    readonly calicoKubeControllers: pulumi.Input<string>;
  };
  /** CustomResourceDefinitions of the same release. */
  readonly definitions: readonly CustomResourceDefinitionManifest[];
  /** IPv4 network that pods get their addresses from, such as `10.244.0.0/16`. */
  readonly podNetwork: string;
  /**
   * `VXLAN` wraps every packet between two nodes; `VXLANCrossSubnet` only where the nodes are in
   * different networks.
   * @default "VXLAN"
   */
  readonly encapsulation?: Encapsulation;
  /**
   * Largest packet, in bytes, on a pod's interface and in the tunnel; 0 takes what fits the node's
   * own interface.
   * @default 0
   */
  readonly mtuBytes?: number;
}

/** Calico as the cluster's network: pod addresses, routes between nodes, and network policy. */
export class Calico extends pulumi.ComponentResource {
  /** Name of the pool pods get addresses from; resolves once every node has a working network. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: CalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:Calico", name, args, opts);
    rejectFaults(this, [
      ...faultsInDefinitions("definitions", args.definitions, neededDefinitions),
      ...faultsInPodNetwork("podNetwork", args.podNetwork),
    ]);

    const { images, podNetwork, encapsulation = "VXLAN", mtuBytes = 0 } = args;
    const parent = { parent: this };
    const account = (owner: string) =>
      new k8s.core.v1.ServiceAccount(
        `${name}-${owner}-account`,
        { metadata: { name: owner, namespace } },
        parent,
      );

    const definitions = createDefinitions(name, args.definitions, parent);
    const pool = new k8s.apiextensions.CustomResource(
      `${name}-pool`,
      {
        apiVersion: "crd.projectcalico.org/v1",
        kind: "IPPool",
        metadata: { name: "default-ipv4-ippool" },
        spec: poolSpec(podNetwork, encapsulation),
      },
      // A pool keeps its network for life; so does the name, hence the old one goes first.
      {
        ...parent,
        dependsOn: definitions,
        replaceOnChanges: ["spec.cidr", "spec.blockSize"],
        deleteBeforeReplace: true,
      },
    );

    const data = nodeConfig(mtuBytes);
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { name: "calico-config", namespace }, data },
      parent,
    );

    const grants = [
      ...["calico-node", "calico-cni-plugin", "calico-kube-controllers"].map(account),
      ...[
        { owner: "calico-node", rules: nodeRules },
        { owner: "calico-cni-plugin", rules: pluginRules },
        { owner: "calico-kube-controllers", rules: controllerRules },
      ].map(({ owner, rules }) =>
        grantInCluster(`${name}-${owner}`, owner, { name: owner, namespace }, rules, parent),
      ),
      grantInNamespace(
        `${name}-calico-node`,
        "calico-node",
        namespace,
        [{ name: "calico-node", namespace }],
        nodeNamespaceRules,
        parent,
      ),
    ];

    const dependsOn = [...definitions, pool, ...grants];
    const nodes = new k8s.apps.v1.DaemonSet(
      `${name}-node`,
      nodeDaemonSet({
        namespace,
        nodeImage: images.calicoNode,
        cniImage: images.calicoCni,
        config: { name: config.metadata.name, hash: dataHash(data) },
      }),
      { ...parent, dependsOn },
    );
    const controllers = new k8s.apps.v1.Deployment(
      `${name}-kube-controllers`,
      kubeControllers(namespace, images.calicoKubeControllers),
      // No node takes an ordinary pod before calico-node has given it a network.
      { ...parent, dependsOn: [...dependsOn, nodes] },
    );

    this.ready = pulumi.all([pool.metadata.name, controllers.id]).apply(([poolName]) => poolName);
    this.registerOutputs({ ready: this.ready });
  }
}
