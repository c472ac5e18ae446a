import { messageOf } from "../kit/values.ts";
import { ApiClient } from "./client.ts";
import { Discovery } from "./discovery.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import type { Settings } from "./settings.ts";

/** A cluster that answers. */
export interface ReachableCluster {
  readonly api: ApiClient;
  readonly discovery: Discovery;
  /** For objects of namespaced kinds that name none. */
  readonly defaultNamespace: string;
}

/** A cluster, or why there is none: much of a preview works without. */
export type Cluster = ReachableCluster | { readonly unreachable: string };

/** Connects to the cluster that the provider's arguments name. */
export async function connect(settings: Settings): Promise<Cluster> {
  try {
    const connection = readKubeconfig(settings);
    const api = new ApiClient(connection);
    const defaultNamespace = settings.namespace ?? connection.namespace;
    // The groups that nearly every program needs, and the proof that the server answers us.
    const discovery = new Discovery(api, defaultNamespace);
    await discovery.isNamespaced("v1", "Namespace");
    return { api, discovery, defaultNamespace };
  } catch (error) {
    return { unreachable: messageOf(error) };
  }
}

/** The cluster, when it answers. */
export function reachable(cluster: Cluster | undefined): ReachableCluster | undefined {
  return cluster && "api" in cluster ? cluster : undefined;
}

/**
 * The cluster for work that cannot be done without.
 *
 * @throws {Error} that says why it cannot be reached, and what to do when it is no more.
 */
export function required(cluster: Cluster | undefined): ReachableCluster {
  const there = reachable(cluster);
  if (there) return there;
  const why =
    cluster && "unreachable" in cluster ? cluster.unreachable : "no provider is configured";
  throw new Error(
    `the cluster cannot be used: ${why}. If it has been deleted, run again with PULUMI_K8S_DELETE_UNREACHABLE=true: what was in it is then dropped from the state`,
  );
}
