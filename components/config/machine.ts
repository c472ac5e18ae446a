/**
 * What only the machine knows: its processor, memory and kernels, where images and CRDs come from, and which
 * namespaces exist.
 */
import { z } from "zod";

import { kernelFindingsSchema } from "../../kube/kernel.ts";
import { describeFaults, faultsOfZod } from "../../messages/faults.ts";
import { vantage } from "./schema/values.ts";

const machineSchema = z.strictObject({
  /** Source of images where the stack sets none. */
  imageSource: z.enum(["upstream", "lab"]).optional(),
  /** Folder of the CRDs where the stack sets none. */
  crdsDirectory: z.string().min(1).optional(),
  /** The router where the stack sets none. */
  router: vantage("netns:/run/netns/router").optional(),
  /** Architecture of clusters on this machine where the stack sets none. */
  architecture: z.enum(["amd64", "arm64"]).optional(),
  /** Memory of the machine that runs the nodes, in MiB. Unset where that is another one. */
  memoryMiB: z.int().positive().optional(),
  /** What the kernel of nodes in containers can do. Unset where nothing is known. */
  containerKernel: kernelFindingsSchema.optional(),
  /** What the kernel of nodes in virtual machines can do. Unset where nothing is known. */
  virtualKernel: kernelFindingsSchema.optional(),
  /** An id for each vantage. It changes when the vantage's network namespace is recreated. */
  vantageIds: z.record(z.string(), z.string()).default({}),
});

/** Facts of the machine. They fill what the stack leaves unset and replace nothing. */
export type Machine = z.output<typeof machineSchema>;

/** The machine's facts as JSON text holds them. */
export type MachineText = z.input<typeof machineSchema>;

/** Environment variable with the machine's facts as JSON. */
export const machineVariable = "PROVENET_MACHINE";

/**
 * Parses the machine's facts. No text means no facts.
 *
 * @throws Error for any fault, because the commands write the text and not the user.
 */
export function parseMachine(text: string | undefined): Machine {
  const value: unknown = parseJson(text ?? "{}");
  const result = machineSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = describeFaults(faultsOfZod(result.error, value, machineVariable));
  throw new Error(`This is a bug in provenet. The commands set a wrong environment:\n${faults}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The facts that the commands pass to the program. */
export function readMachine(): Machine {
  return parseMachine(process.env[machineVariable]);
}
