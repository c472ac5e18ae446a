/**
 * What a stack is asked to be: one checked value, read once. The types are what every later stage
 * takes; how the text becomes such a value is in `readSettings.ts` and the files beside it.
 */
import type { Images } from "./images.ts";

/** A cluster that the program makes with minikube. */
export interface MinikubeSettings {
  readonly kind: "minikube";
  /** minikube's profile, which is the name of the cluster and of its kubeconfig context too. */
  readonly profile: string;
  /** How many nodes; the first is the control plane. */
  readonly nodes: number;
  /** Memory of each node. */
  readonly memoryMiB: number;
  /** Processors of each node. */
  readonly cpus: number;
  /** Such as `v1.34.2`. */
  readonly kubernetesVersion: string;
  /** minikube driver, such as `docker` or `kvm2`. */
  readonly driver: string;
  /** `containerd`, `cri-o` or `docker`. */
  readonly containerRuntime: string;
  /** Network the nodes are in; its first address is the gateway, the nodes follow. */
  readonly nodeNetwork: string;
  readonly podNetwork: string;
  readonly serviceNetwork: string;
  /** Node labels: for each key its value on the first node, the second and so on. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** A cluster that is there already. */
export interface ExistingSettings {
  readonly kind: "existing";
  /** Path of its kubeconfig, relative to the project or absolute. */
  readonly kubeconfigFile: string;
  readonly nodeNetwork: string;
  readonly podNetwork: string;
  readonly serviceNetwork: string;
  /** Whether Calico is to be installed; false where the cluster has a network plugin. */
  readonly installCalico: boolean;
}

/** A cluster in Google Cloud. */
export interface GkeSettings {
  readonly kind: "gke";
  readonly project: string;
  /** Region or zone. */
  readonly location: string;
  readonly name: string;
  readonly nodes: number;
  readonly machineType: string;
  readonly nodeNetwork: string;
  readonly podNetwork: string;
  readonly serviceNetwork: string;
}

/** Which cluster, told apart by `kind`. */
export type ClusterSettings = MinikubeSettings | ExistingSettings | GkeSettings;

/** A CustomResourceDefinition as upstream publishes it. */
export interface CustomResourceDefinitionManifest {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Passed on as it is: its shape is the API server's to check. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The upstream definitions that the network stage applies. */
export interface Definitions {
  readonly calico: readonly CustomResourceDefinitionManifest[];
  readonly metallb: readonly CustomResourceDefinitionManifest[];
}

/** Addresses that MetalLB gives to LoadBalancer Services. */
export interface PoolSettings {
  readonly name: string;
  /** Networks (`192.0.2.0/28`) or ranges (`192.0.2.10-192.0.2.20`). */
  readonly addresses: readonly string[];
}

/** The ingress controller. */
export interface IngressSettings {
  /** Pool its LoadBalancer address comes from. */
  readonly pool: string;
  readonly className: string;
}

/** The web application. */
export interface WebSettings {
  /** Pool its LoadBalancer address comes from. */
  readonly pool: string;
  /** Host name the ingress serves it under. */
  readonly host: string;
  readonly replicas: number;
}

/** One route that the program keeps. */
export interface RouteSettings {
  /** Made of vantage and network: `route-host-192.0.2.0-24`. */
  readonly name: string;
  /** Vantage it is put on: `host`, `netns:/run/netns/NAME` or `ssh:TARGET`. */
  readonly on: string;
  /** Network it leads to. */
  readonly to: string;
  /** Next hop. */
  readonly via: string;
  /**
   * Which life of the vantage this is, such as the identity of its network namespace: when it
   * changes, the route is put there again. Empty where a vantage has one life.
   */
  readonly since: string;
  /** Whether the next hop is in the node network: the cluster must be there first. */
  readonly throughNode: boolean;
}

/** Everything the program is told by its stack. */
export interface Settings {
  readonly cluster: ClusterSettings;
  readonly images: Images;
  readonly definitions: Definitions;
  readonly pools: readonly PoolSettings[];
  readonly ingress: IngressSettings;
  readonly web: WebSettings;
  readonly routes: readonly RouteSettings[];
  /** Vantage of the router between client and nodes, where there is one. */
  readonly router?: string;
}
