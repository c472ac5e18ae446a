import { z } from "zod";

import { ipvsSchedulers } from "../../../programs/minikube/request.ts";
import { gke } from "./gke.ts";
import { choice, flag, integer, network, pattern, strict, text } from "./values.ts";

const networks = {
  nodeNetwork: network("192.168.49.0/24").describe(
    "Network of the nodes. Pools inside it need no route.",
  ),
  podNetwork: network("10.244.0.0/16").describe("Network of the pods."),
  serviceNetwork: network("10.96.0.0/12").describe("Network of the Services' cluster addresses."),
};

const labelKey = pattern(
  /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
  "a label's key",
  "topology.kubernetes.io/zone",
);
const labelValue = pattern(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, "a label's value", "zone-a");

const mode = "How kube-proxy implements Services. Another mode replaces the cluster.";

const schedulerNeedsIpvs = "A scheduler needs mode ipvs";

const kubeProxy = z
  .discriminatedUnion(
    "mode",
    [
      strict({ mode: z.literal("iptables").describe(mode) }, undefined, schedulerNeedsIpvs),
      strict({
        mode: z.literal("ipvs").describe(mode),
        scheduler: choice(...ipvsSchedulers)
          .default("rr")
          .describe(
            "How IPVS chooses an endpoint: round robin, least connections, destination hash, source hash, shortest expected delay, never queue. Only with mode ipvs.",
          ),
      }),
      strict({ mode: z.literal("nftables").describe(mode) }, undefined, schedulerNeedsIpvs),
    ],
    { error: "write an object whose mode is iptables, ipvs or nftables" },
  )
  .default({ mode: "iptables" })
  .describe(
    "kube-proxy. The nodes' kernel must have what its mode needs. Calico uses nftables rules with mode nftables, and iptables rules otherwise.",
  )
  .meta({ examples: ["{ mode: nftables }"] });

const minikube = strict({
  kind: z.literal("minikube").describe("minikube makes the cluster."),
  // minikube appends -m02 and so on for further nodes. A host name has at most 63 characters.
  profile: pattern(
    /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
    "lowercase letters, digits and inner dashes, at most 50",
    "provenet",
  ).describe(
    "Name of minikube's profile, of the cluster and of its kubeconfig context. Another name replaces the cluster.",
  ),
  nodes: integer(1, 9, 2)
    .default(2)
    .describe(
      "Number of nodes. The first is the control plane. Others are added and removed in place.",
    ),
  memoryMiB: integer(1800, 1048576, 3072)
    .default(3072)
    .describe("Memory of each node. Another size replaces the cluster.")
    .meta({ unit: "MiB" }),
  cpus: integer(2, 256, 2)
    .default(2)
    .describe("Processors of each node. Another number replaces the cluster."),
  kubernetesVersion: pattern(/^v1\.\d{1,2}\.\d{1,2}$/, "a full version", "v1.34.2").describe(
    "Version of Kubernetes. Another version replaces the cluster.",
  ),
  driver: choice("docker", "podman", "kvm2", "qemu2", "virtualbox", "vmware").describe(
    "minikube's driver, which runs each node as a container or a virtual machine. Another driver replaces the cluster.",
  ),
  containerRuntime: choice("containerd", "cri-o", "docker")
    .default("containerd")
    .describe("Runtime of the containers on the nodes. Another runtime replaces the cluster."),
  ...networks,
  nodeNetwork: networks.nodeNetwork.describe(
    "Network of the nodes. The gateway has its first address, the nodes have the next ones. Another network replaces the cluster.",
  ),
  podNetwork: networks.podNetwork.describe(
    "Network of the pods. Each node takes a /24 of it. Another network replaces the cluster.",
  ),
  serviceNetwork: networks.serviceNetwork.describe(
    "Network of the Services' cluster addresses. Another network replaces the cluster.",
  ),
  kubeProxy,
  labels: z
    .record(
      labelKey,
      z.array(labelValue, {
        error: "write one value for each node, for example [zone-a, zone-b]",
      }),
      {
        error: (issue) =>
          issue.code === "invalid_key"
            ? "the key is no label key; write one such as topology.kubernetes.io/zone"
            : "write a map, for example { topology.kubernetes.io/zone: [zone-a, zone-b] }",
      },
    )
    .default({})
    .describe(
      "Node labels, which change in place. Each key has one value for each node, the first node first.",
    )
    .meta({
      form: "map of label keys to lists of values",
      examples: ["{ topology.kubernetes.io/zone: [zone-a, zone-b] }"],
    }),
}).describe("A cluster that the program makes with minikube.");

const existing = strict({
  kind: z.literal("existing").describe("The cluster is already running."),
  kubeconfigFile: text("/home/me/.kube/config").describe(
    "Path of the cluster's kubeconfig: absolute, relative to the project, or below `~`. Another path moves everything to the cluster that it reaches.",
  ),
  context: text("home")
    .optional()
    .describe(
      "Context of the kubeconfig. Unset, it is the one that is current in the first `npm run up`, and it stays that one. Another context moves everything to the cluster that it reaches.",
    ),
  ...networks,
  installCalico: flag()
    .default(false)
    .describe("Whether the program installs Calico. Leave it false where a network plugin runs."),
  kubeProxyMode: choice("iptables", "ipvs", "nftables")
    .optional()
    .describe(
      "Mode of kube-proxy, which Calico's rules follow. It is compared with the cluster's, where that can be read. Calico next to nftables needs it.",
    ),
}).describe("A cluster that somebody else runs. `npm run down` leaves it running.");

/** Schema of `provenet:cluster`. */
export const clusterSchema = z
  .discriminatedUnion("kind", [minikube, existing, gke], {
    error: "write an object whose kind is minikube, existing or gke",
  })
  .describe("The cluster. `kind` decides which other keys there are.");

export type MinikubeSettings = z.output<typeof minikube>;
export type ExistingSettings = z.output<typeof existing> & {
  /** Architecture of the images that every node runs. @default any */
  readonly architecture?: string;
};
export type GkeSettings = z.output<typeof gke>;

/** The settings of one cluster. In a cloud they name the addresses to reserve. */
export type ClusterSettings =
  | MinikubeSettings
  | ExistingSettings
  | (GkeSettings & { readonly reservations: readonly string[] });
