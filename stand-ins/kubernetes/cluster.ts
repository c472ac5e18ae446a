import { UserError } from "../../messages/errors.ts";
import { messageOf } from "../kit/values.ts";
import { ApiClient } from "./client.ts";
import { Discovery } from "./discovery.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import type { Settings } from "./settings.ts";

/** A cluster whose API server answers. */
export interface ReachableCluster {
  readonly api: ApiClient;
  readonly discovery: Discovery;
  /** The namespace of objects that name none. */
  readonly defaultNamespace: string;
}

/** A cluster, or why it is unreachable. Most of a preview works without it. */
export type Cluster = ReachableCluster | { readonly unreachable: string };

/** Connects to the cluster that the provider's arguments name. */
export async function connect(settings: Settings): Promise<Cluster> {
  try {
    const connection = readKubeconfig(settings);
    const api = new ApiClient(connection);
    const defaultNamespace = settings.namespace ?? connection.namespace;
    // Nearly every program needs this group, and it shows that the server answers.
    const discovery = new Discovery(api, defaultNamespace);
    await discovery.isNamespaced("v1", "Namespace");
    return { api, discovery, defaultNamespace };
  } catch (error) {
    return { unreachable: messageOf(error) };
  }
}

/** The cluster, if it is reachable. */
export function reachable(cluster: Cluster | undefined): ReachableCluster | undefined {
  return cluster && "api" in cluster ? cluster : undefined;
}

/**
 * The cluster, for operations that need it.
 *
 * @throws {UserError} when it is unreachable.
 */
export function required(cluster: Cluster | undefined): ReachableCluster {
  const there = reachable(cluster);
  if (there) return there;
  const why =
    cluster && "unreachable" in cluster ? cluster.unreachable : "no provider is configured";
  throw new UserError(
    `the cluster is unreachable: ${why}`,
    "start it. If it was deleted, run again with PULUMI_K8S_DELETE_UNREACHABLE=true, which drops its objects from the state",
  );
}
