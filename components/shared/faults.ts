import * as pulumi from "@pulumi/pulumi";

import { type Fault, describeFaults } from "../../messages/faults.ts";

/**
 * Rejects a component's arguments when there is any fault.
 *
 * @throws pulumi.ResourceError with all faults and no stack trace
 */
export function rejectFaults(resource: pulumi.Resource, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  throw new pulumi.ResourceError(`${count}:\n${describeFaults(faults)}`, resource, true);
}
