/** The contract of the kubeconfig program: what the cluster component sends and what it gets back. */
import { z } from "zod";

import { nodeFactsSchema } from "../../kube/nodes.ts";

/** Environment variable that carries the kubeconfig's path. */
export const kubeconfigVariable = "KUBECONFIG";

/** Environment variable with the output of the last `identify`, which a command resource sets. */
export const previousVariable = "PULUMI_COMMAND_STDOUT";

/** Environment variable that carries an {@link Expectation} as JSON. */
export const expectationVariable = "PROVENET_EXPECTED";

/** Schema of what `identify` prints: the cluster's UID and context. */
export const clusterIdentitySchema = z.object({
  schemaVersion: z.literal(1),
  uid: z.string().min(1),
  context: z.string().min(1),
});

/** Schema of {@link Expectation}. */
export const expectationSchema = z.object({
  podNetwork: z.string(),
  /** `unknown`: the configuration does not say. */
  kubeProxyMode: z.enum(["iptables", "ipvs", "nftables", "unknown"]),
  /** Whether the program installs Calico, whose rules follow kube-proxy's mode. */
  installCalico: z.boolean(),
  /** Architecture of Calico's images, where they have one. */
  architecture: z.string().optional(),
});

/** What the configuration says about the cluster. `read` compares it with what it finds. */
export type Expectation = z.output<typeof expectationSchema>;

/** Schema of what `read` prints: a kubeconfig of one context, and the nodes, sorted by name. */
export const clusterReadingSchema = z.object({
  schemaVersion: z.literal(1),
  /** YAML with every certificate inside. */
  kubeconfig: z.string(),
  nodes: z.array(nodeFactsSchema),
});
