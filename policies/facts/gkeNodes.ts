/** How many nodes a GKE cluster has. */
import type { Property } from "../sdk/property.ts";
import type { GkeCluster, NodeSet } from "./gke.ts";

/** Fewest and most nodes of a set. */
export interface NodeCount {
  readonly fewest: number;
  readonly most: number;
}

/** GKE spreads the nodes of a regional cluster over three zones, unless it names them. */
const zonesOfRegion = 3;

/** The number of nodes of a set, or undefined while that is unknown. */
export function nodeCountOf(set: NodeSet, cluster: GkeCluster): NodeCount | undefined {
  const { pool } = set;
  const autoscaling = pool.at("autoscaling");
  const total = (key: string) => autoscaling.at(key).number;
  if (autoscaling.isUnknown || autoscaling.entries().some(([, each]) => each.isUnknown)) return;

  const most = total("totalMaxNodeCount");
  if (most !== undefined) return { fewest: total("totalMinNodeCount") ?? 0, most };
  const zones = zonesOf(pool, cluster);
  if (zones === undefined) return undefined;
  const perZone = total("maxNodeCount");
  if (perZone !== undefined) {
    return { fewest: zones * (total("minNodeCount") ?? 0), most: zones * perZone };
  }
  const count = pool.at("nodeCount");
  const fixed = count.isUnknown ? undefined : (count.number ?? pool.at("initialNodeCount").number);
  return fixed === undefined ? undefined : { fewest: zones * fixed, most: zones * fixed };
}

function zonesOf(pool: Property, cluster: GkeCluster): number | undefined {
  const own = pool.at("nodeLocations");
  if (own.isUnknown) return undefined;
  if (own.items().length > 0) return own.items().length;
  const { location, zones } = cluster;
  if (zones.isUnknown || location.isUnknown) return undefined;
  const named = zones.items().map(({ text }) => text);
  const isZone = /-[a-z]$/.test(location.text ?? "");
  // A zonal cluster lists the zones that it has in addition to its location.
  if (isZone) return 1 + named.filter((zone) => zone !== location.text).length;
  if (named.length > 0) return named.length;
  return location.text === undefined ? undefined : zonesOfRegion;
}
