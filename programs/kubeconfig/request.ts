/** The contract of the kubeconfig program: what the cluster component sends and what it gets back. */
import { z } from "zod";

/** Environment variable that carries the kubeconfig's path. */
export const kubeconfigVariable = "KUBECONFIG";

/** Schema of what `identify` prints: the cluster's UID. `read` prints a kubeconfig as YAML. */
export const clusterIdentitySchema = z.object({
  schemaVersion: z.literal(1),
  uid: z.string().min(1),
});
