import type { NodeFacts } from "../../../kube/nodes.ts";

/** kubeadm sets it on control planes, whether or not they run pods. */
const excludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Whether a node that runs pods has the label that keeps speakers from announcing there. */
export function hasSchedulableExcludedNode(nodes: readonly NodeFacts[]): boolean {
  return nodes.some(
    ({ labels, taints }) =>
      excludeLabel in labels &&
      !taints.some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute"),
  );
}
