/** The contract of the gke program: what the cluster component sends and what it gets back. */
import { z } from "zod";

import { nodeFactsSchema } from "../../kube/nodes.ts";

/** Environment variable with the context, which names the file of `write`. The kubeconfig comes on stdin. */
export const gkeNameVariable = "PROVENET_GKE";

/** Environment variable with the kubeconfig's path, for everything else. */
export const kubeconfigVariable = "KUBECONFIG";

/** Environment variable with the number of nodes that `nodes` waits for. */
export const expectedNodesVariable = "PROVENET_NODES";

/** Schema of what `write` prints: where the kubeconfig is, relative to the project. */
export const gkeFileSchema = z.object({ schemaVersion: z.literal(1), path: z.string().min(1) });

/** Schema of what `identify` prints: the cluster's UID. */
export const gkeIdentitySchema = z.object({ schemaVersion: z.literal(1), uid: z.string().min(1) });

/** Schema of what `nodes` prints: the cluster's nodes, sorted by name. */
export const gkeNodesSchema = z.object({
  schemaVersion: z.literal(1),
  nodes: z.array(nodeFactsSchema),
});
