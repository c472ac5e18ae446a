import type { Fault } from "../../messages/faults.ts";
import { faultsInCloud } from "./checks/cloud.ts";
import { faultsInCluster } from "./checks/cluster.ts";
import { faultsOfKernel } from "./checks/kernel.ts";
import { faultsOfMemory } from "./checks/memory.ts";
import type { ReadableValues } from "./checks/placed.ts";
import { faultsInPools } from "./checks/pools.ts";
import { faultsInRoutes } from "./checks/routes.ts";
import type { Machine } from "./machine.ts";

/** Faults between keys: networks, pools, routes, the names that refer to them, and what the machine lacks. */
export function faultsBetweenKeys(values: ReadableValues, machine: Machine): Fault[] {
  return [
    ...faultsInCluster(values.cluster),
    ...faultsInCloud(values),
    ...faultsOfKernel(values.cluster, machine),
    ...faultsOfMemory(values.cluster, machine),
    ...faultsInPools(values),
    ...faultsInRoutes(values),
  ];
}
