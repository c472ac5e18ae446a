import type * as pulumi from "@pulumi/pulumi";

import type { AddressBlock } from "../../net/addresses.ts";

/** What later stages decide by. The values are plain, so they are known in every preview. */
export interface ClusterFacts {
  readonly podNetwork: AddressBlock;
  /** What assigns addresses to LoadBalancer Services: MetalLB, which Network installs, or the cloud. */
  readonly loadBalancers: "metallb" | "cloud";
  /** Whether Network installs Calico. */
  readonly installsCalico: boolean;
  /** Whether the control plane is the only node. It then announces addresses too. */
  readonly singleNode: boolean;
}

/** How later stages reach the cluster. */
export interface ClusterAccess {
  /** Content of a kubeconfig with embedded certificates. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Path of a kubeconfig that only its owner can read. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** UID of the cluster. It changes when the cluster is replaced. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  /**
   * Options for every component with objects in the cluster. They hold the provider and, if the
   * program made the cluster, `deletedWith`.
   */
  readonly options: pulumi.ComponentResourceOptions;
}
