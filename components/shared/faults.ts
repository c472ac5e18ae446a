import * as pulumi from "@pulumi/pulumi";

/** One thing wrong with what a component was given: where (`propertyPath`) and why (`reason`). */
export type Fault = pulumi.InputPropertyErrorDetails;

/** One line per fault, each with the place before the reason. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`).join("\n");
}

/**
 * Rejects a component's arguments when there is any fault: all of them at once, without a stack,
 * because the remedy lies in the arguments and not in the code.
 *
 * @throws pulumi.ResourceError naming every fault.
 */
export function rejectFaults(resource: pulumi.Resource, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  throw new pulumi.ResourceError(`${count}:\n${describeFaults(faults)}`, resource, true);
}
