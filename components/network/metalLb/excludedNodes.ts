import type { NodeFacts } from "../../../kube/nodes.ts";

/** kubeadm sets it on control planes, whether or not they run pods. */
const excludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

/**
 * Taints for a node's state, such as not being ready. They come and go. Every node has one until
 * Calico runs, which is after the nodes are read.
 */
const stateTaint = /^node\.(?:cloudprovider\.)?kubernetes\.io\//;

/** Whether a node that runs pods has the label that keeps speakers from announcing there. */
export function hasSchedulableExcludedNode(nodes: readonly NodeFacts[]): boolean {
  return nodes.some(
    ({ labels, taints }) =>
      excludeLabel in labels &&
      !taints.some(
        ({ key, effect }) =>
          !stateTaint.test(key) && (effect === "NoSchedule" || effect === "NoExecute"),
      ),
  );
}
