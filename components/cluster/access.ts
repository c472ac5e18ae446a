import type * as pulumi from "@pulumi/pulumi";

import type { KernelFacts } from "../../kube/kernel.ts";
import type { NodeFacts } from "../../kube/nodes.ts";
import type { AddressBlock } from "../../net/addresses.ts";

/** What later stages decide by. The values are plain, so they are known in every preview. */
export interface ClusterFacts {
  readonly podNetwork: AddressBlock;
  /** Undefined where the configuration does not say. */
  readonly nodeNetwork: AddressBlock | undefined;
  /** Network of the Services' cluster IPs. Undefined where the configuration does not say. */
  readonly serviceNetwork: AddressBlock | undefined;
  /** What makes the nodes, as minikube names it. Undefined for a cluster of another kind. */
  readonly driver: string | undefined;
  /** What assigns addresses to LoadBalancer Services: MetalLB, which Network installs, or the cloud. */
  readonly loadBalancers: "metallb" | "cloud";
  /** Who runs Calico: Network installs it, the cloud's add-on does, or nobody does. */
  readonly calico: "install" | "addon" | "none";
  /** How kube-proxy implements Services. Calico follows it. */
  readonly kubeProxyMode: "iptables" | "ipvs" | "nftables" | "unknown";
}

/** How later stages reach the cluster. */
export interface ClusterAccess {
  /** Path of a kubeconfig that only its owner can read. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** Name of the context in {@link kubeconfigPath}. */
  readonly context: pulumi.Output<string>;
  /** UID of the cluster. It changes when the cluster is replaced. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  /** Sorted by name. Resolves once every node has joined. */
  readonly nodes: pulumi.Output<readonly NodeFacts[]>;
  /** What the nodes' kernels can do. Resolves with {@link nodes}. */
  readonly kernel: pulumi.Output<KernelFacts>;
  /**
   * Options for every component with objects in the cluster. They hold the provider and, if the
   * program made the cluster, `deletedWith`.
   */
  readonly options: pulumi.ComponentResourceOptions;
}
