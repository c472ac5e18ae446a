/** The contract of the minikube program: what the cluster component sends and what it gets back. */
import { z } from "zod";

import { kernelFactsSchema } from "../../kube/kernel.ts";
import { nodeFactsSchema } from "../../kube/nodes.ts";

/** Environment variable that carries a {@link MinikubeRequest} as JSON. */
export const minikubeRequestVariable = "PROVENET_CLUSTER";

/** Ways of IPVS to choose an endpoint: round robin, least connections, hashes, shortest delay, no queue. */
export const ipvsSchedulers = ["rr", "lc", "dh", "sh", "sed", "nq"] as const;

/** How kube-proxy implements Services. */
const kubeProxySchema = z.discriminatedUnion("mode", [
  z.object({ mode: z.literal("iptables") }),
  z.object({ mode: z.literal("ipvs"), scheduler: z.enum(ipvsSchedulers) }),
  z.object({ mode: z.literal("nftables") }),
]);

/** Whether a driver's nodes are containers, which run on the kernel of their host. */
export const runsContainers = (driver: string): boolean => ["docker", "podman"].includes(driver);

/** Schema of a {@link MinikubeRequest}. Unknown keys are dropped. */
export const minikubeRequestSchema = z.object({
  /** Name of minikube's profile, of the cluster and of its kubeconfig context. */
  profile: z.string().min(1),
  /** Number of nodes. The first is the control plane. */
  nodes: z.int().min(1),
  /** Memory of each node. */
  memoryMiB: z.int(),
  /** Processors of each node. */
  cpus: z.int(),
  /** Such as `v1.34.2`. */
  kubernetesVersion: z.string(),
  /** minikube driver, such as `docker` or `kvm2`. */
  driver: z.string(),
  /** `containerd`, `cri-o` or `docker`. */
  containerRuntime: z.string(),
  /** Network of the nodes, in CIDR notation. Its first address is the gateway, the nodes follow. */
  nodeNetwork: z.string(),
  podNetwork: z.string(),
  serviceNetwork: z.string(),
  /** Requests in older states have none. */
  kubeProxy: kubeProxySchema.default({ mode: "iptables" }),
  /** Node labels. Each key has one value for each node, the first node first. */
  labels: z.record(z.string(), z.array(z.string()).readonly()).readonly(),
});

/** The cluster that the program makes. */
export type MinikubeRequest = z.output<typeof minikubeRequestSchema>;

/** Schema of a {@link ClusterName}. */
export const clusterNameSchema = minikubeRequestSchema.pick({ profile: true, driver: true });

/** What is needed to find and to delete a cluster. */
export type ClusterName = z.output<typeof clusterNameSchema>;

const schemaVersion = z.literal(1);

/** Schema of {@link MinikubeNodes}. */
export const minikubeNodesSchema = z.object({
  schemaVersion,
  profile: z.string(),
  nodes: z.array(nodeFactsSchema),
  kernel: kernelFactsSchema,
});

/** What `nodes` prints: all nodes, sorted by name. */
export type MinikubeNodes = z.output<typeof minikubeNodesSchema>;

/** Schema of what `sweep` prints: whether there was an unrecorded cluster, which it deleted. */
export const sweptSchema = z.object({ schemaVersion, profile: z.string(), deleted: z.boolean() });

/** Schema of what `identify` prints: the cluster's UID and the kubeconfig's path in the project. */
export const minikubeIdentitySchema = z.object({
  schemaVersion,
  uid: z.string().min(1),
  kubeconfig: z.string(),
});

/** Schema of a {@link Finding}, which `find` prints. */
export const findingSchema = z.discriminatedUnion("state", [
  z.object({ schemaVersion, state: z.literal("none") }),
  z.object({
    schemaVersion,
    state: z.enum(["running", "unreachable", "stopped"]),
    /** URN of the command that made the cluster. */
    urn: z.string(),
    settings: minikubeRequestSchema,
  }),
  z.object({ schemaVersion, state: z.literal("lost"), urn: z.string(), why: z.string() }),
]);

/**
 * The cluster of a stack's state, compared with this machine.
 *
 * - `none`: the state has no minikube cluster.
 * - `unreachable`: its machines run, but its kubeconfig reaches no API server.
 * - `lost`: the cluster was deleted or replaced outside the stack.
 */
export type Finding = z.output<typeof findingSchema>;
