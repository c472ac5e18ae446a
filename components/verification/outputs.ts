/** The stack's outputs: index.ts exports them, and the commands parse them. */
import { z } from "zod";

import { probeRequestSchema } from "../../probe/request.ts";
import { verdictSchema } from "../../probe/verdict.ts";

/** Schema of {@link StackOutputs}. */
export const stackOutputsSchema = z.object({
  /** URL of each HTTP endpoint that was proved, by endpoint name. */
  urls: z.record(z.string(), z.string()),
  /** Address of each endpoint that was proved, by endpoint name. */
  addresses: z.record(z.string(), z.string()),
  /** The probe's requests, which `verify` repeats. */
  requests: z.array(probeRequestSchema),
  /** The verdict of each request, in the same order. */
  verdicts: z.array(verdictSchema),
  /** Path of a kubeconfig for the cluster, relative to the project or absolute. */
  kubeconfigPath: z.string(),
  /** Context of that kubeconfig. */
  kubeconfigContext: z.string(),
  /** UID of the cluster, which every reader compares. */
  clusterUid: z.string(),
});

/** The parsed outputs of a stack that is up. */
export type StackOutputs = z.output<typeof stackOutputsSchema>;

/** The values that the program exports. */
export type PublishedOutputs = z.input<typeof stackOutputsSchema>;
