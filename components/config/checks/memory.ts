import type { Fault } from "../../../messages/faults.ts";
import type { Machine } from "../machine.ts";
import type { ReadableValues } from "./placed.ts";

/**
 * The fault of nodes with more memory than their machine. minikube refuses them only when the cluster
 * that they replace is gone.
 */
export function faultsOfMemory(
  cluster: ReadableValues["cluster"],
  { memoryMiB: available }: Machine,
): Fault[] {
  if (cluster?.kind !== "minikube" || available === undefined) return [];
  const { memoryMiB = 0 } = cluster;
  if (memoryMiB <= available) return [];
  return [
    {
      propertyPath: "provenet:cluster.memoryMiB",
      reason: `each node gets ${memoryMiB} MiB, and this machine has ${available} MiB; write less, for example 3072`,
    },
  ];
}
