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

const findingSchema = z.object({
  answer: answerSchema,
  /** Where the answer was read, as half a sentence. */
  source: z.string(),
});

/** An answer about a kernel, and where it was read. */
export type KernelFinding = z.output<typeof findingSchema>;

/** Schema of {@link KernelFindings}. */
export const kernelFindingsSchema = z.object({
  ipvs: findingSchema,
  ipip: findingSchema,
  vxlan: findingSchema,
  nftables: findingSchema,
  logLines: findingSchema,
});

/** {@link KernelFacts}, each with its source. */
export type KernelFindings = z.output<typeof kernelFindingsSchema>;

/** The facts of findings. Without findings nothing is known. */
export function kernelFactsOf(findings: KernelFindings | undefined): KernelFacts {
  if (findings === undefined) return unknownKernel;
  const { ipvs, ipip, vxlan, nftables, logLines } = findings;
  return {
    ipvs: ipvs.answer,
    ipip: ipip.answer,
    vxlan: vxlan.answer,
    nftables: nftables.answer,
    logLines: logLines.answer,
  };
}

/** Something that the nodes' kernel lacks. */
export interface KernelLack {
  /** Key of the cluster's settings that needs it. */
  readonly key: "kubeProxy.mode" | "driver";
  /** What needs it, what is missing, and how that is known. */
  readonly why: string;
  /** What to write instead, in the imperative. */
  readonly instead: string;
}

/** What a cluster needs that its nodes' kernel certainly lacks. An unknown answer is no lack. */
export function kernelLacks(
  mode: "iptables" | "ipvs" | "nftables",
  findings: KernelFindings | undefined,
): KernelLack[] {
  if (findings === undefined) return [];
  const { ipvs, nftables, vxlan } = findings;
  const lacks: KernelLack[] = [];
  const lack = (key: KernelLack["key"], why: string, { source }: KernelFinding, instead: string) =>
    lacks.push({ key, why: `${why} (${source})`, instead });
  if (mode === "ipvs" && ipvs.answer === "no") {
    const others = nftables.answer === "yes" ? "nftables or iptables" : "iptables";
    lack("kubeProxy.mode", "the nodes' kernel has no IPVS", ipvs, `write ${others}`);
  }
  if (mode === "nftables" && nftables.answer === "no") {
    const others = ipvs.answer === "yes" ? "ipvs or iptables" : "iptables";
    lack("kubeProxy.mode", "the nodes' kernel lacks nftables", nftables, `write ${others}`);
  }
  if (vxlan.answer === "no") {
    const why = "the nodes' kernel has no VXLAN, which Calico's tunnels need";
    lack("driver", why, vxlan, "write a driver with virtual machines, for example kvm2");
  }
  return lacks;
}
