/** What the kernels of a cluster's nodes can do. */
import { z } from "zod";

const answerSchema = z.enum(["yes", "no", "unknown"]);

/** Schema of {@link KernelFacts}. */
export const kernelFactsSchema = z.object({
  ipvs: answerSchema,
  ipip: answerSchema,
  vxlan: answerSchema,
  nftables: answerSchema,
  /** Whether lines of LOG rules reach a kernel log that pods can read. */
  logLines: answerSchema,
});

/** What all nodes' kernels can do. `no`: at least one cannot. `unknown`: nothing could be read. */
export type KernelFacts = z.output<typeof kernelFactsSchema>;

/** The facts about kernels that nothing can be read about. */
export const unknownKernel: KernelFacts = {
  ipvs: "unknown",
  ipip: "unknown",
  vxlan: "unknown",
  nftables: "unknown",
  logLines: "unknown",
};
