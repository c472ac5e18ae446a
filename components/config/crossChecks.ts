import type { Fault } from "../../messages/faults.ts";
import { faultsInCluster } from "./checks/cluster.ts";
import type { ReadableValues } from "./checks/placed.ts";
import { faultsInPools } from "./checks/pools.ts";
import { faultsInRoutes } from "./checks/routes.ts";

/** Faults between keys: networks, pools, routes and the names that refer to them. */
export function faultsBetweenKeys(values: ReadableValues): Fault[] {
  return [...faultsInCluster(values.cluster), ...faultsInPools(values), ...faultsInRoutes(values)];
}
