/** The contract of the kubeconfig program: what the cluster component sends and what it gets back. */
import { z } from "zod";

import { nodeFactsSchema } from "../../kube/nodes.ts";

/** Environment variable that carries the kubeconfig's path. */
export const kubeconfigVariable = "KUBECONFIG";

/** Environment variable with the output of the last `identify`, which a command resource sets. */
export const previousVariable = "PULUMI_COMMAND_STDOUT";

/** Schema of what `identify` prints: the cluster's UID and context. `read` prints a kubeconfig as YAML. */
export const clusterIdentitySchema = z.object({
  schemaVersion: z.literal(1),
  uid: z.string().min(1),
  context: z.string().min(1),
});

/** Schema of what `nodes` prints: the cluster's nodes, sorted by name. */
export const clusterNodesSchema = z.object({
  schemaVersion: z.literal(1),
  nodes: z.array(nodeFactsSchema),
});
