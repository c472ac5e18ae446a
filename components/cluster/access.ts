import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What later stages decide by: plain values, known before anything runs. */
export interface ClusterFacts {
  readonly kind: "minikube" | "existing" | "gke";
  readonly nodeNetwork: string;
  readonly podNetwork: string;
  readonly serviceNetwork: string;
  /** Who gives LoadBalancer Services their addresses. */
  readonly loadBalancers: "metallb" | "cloud";
  /** Whether the network stage installs Calico. */
  readonly installsCalico: boolean;
  /** Whether the control plane is the only node, so that it has to do all that workers do. */
  readonly singleNode: boolean;
}

/** How every later stage reaches the cluster. */
export interface ClusterAccess {
  /** The one provider; resolves once the cluster's API answers. */
  readonly provider: k8s.Provider;
  /** Secret; self-contained, certificates included. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Path of a file with the same content, readable by its owner alone. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** The cluster's identity: another when another cluster takes its place. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  /**
   * Options for each component that lives in the cluster: its provider, and that deleting the
   * cluster deletes it too, where the program made the cluster.
   */
  readonly inside: pulumi.ComponentResourceOptions;
}
