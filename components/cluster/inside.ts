import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * Options for components that live in a cluster.
 *
 * @param deletedWith the resource whose deletion takes all of them away: nothing is then asked of
 * an API server that is about to go. Undefined when the cluster outlives the stack.
 */
export function insideCluster(
  provider: k8s.Provider,
  deletedWith: pulumi.Resource | undefined,
): pulumi.ComponentResourceOptions {
  if (deletedWith === undefined) return { provider };
  return {
    provider,
    transformations: [
      ({ props, opts, type }) =>
        type.startsWith("kubernetes:") ? { props, opts: { ...opts, deletedWith } } : undefined,
    ],
  };
}
