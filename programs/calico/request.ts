/** The contract of the calico program: what the network component sends and what it gets back. */
import { z } from "zod";

/** Environment variable with the kubeconfig's path. */
export const kubeconfigVariable = "KUBECONFIG";

/** Schema of what `wait` prints once Calico is ready on every node. */
export const calicoStateSchema = z.object({
  schemaVersion: z.literal(1),
  /** Image of calico-node. It names the release. */
  image: z.string(),
  nodes: z.int().positive(),
});
