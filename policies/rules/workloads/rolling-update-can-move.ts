import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

/**
 * A rolling update needs either one more pod or one fewer. Kubernetes rejects an update that allows
 * neither, but in a first `up` only after the cluster was built.
 */
export const rollingUpdateCanMove: ResourceValidationPolicy = {
  name: "rolling-update-can-move",
  displayName: "A rolling update can replace a pod",
  description:
    "maxSurge and maxUnavailable of a rolling update are not both 0, as numbers, percentages or defaults.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["workloads", "rollout"],
  url: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment",
  remediationSteps:
    "Set maxSurge to 1 to start a new pod before an old one stops, or maxUnavailable to 1 to stop an old one first.",
  validateResource: (args, report) => {
    const isDaemonSet = isKind(args.type, "apps", "DaemonSet");
    if (!isDaemonSet && !isKind(args.type, "apps", "Deployment")) return;
    const strategy = Property.of(args.props).at(
      "spec",
      isDaemonSet ? "updateStrategy" : "strategy",
    );
    const update = strategy.at("rollingUpdate");
    if ((strategy.at("type").text ?? "RollingUpdate") !== "RollingUpdate") return;

    const surge = update.at("maxSurge");
    const unavailable = update.at("maxUnavailable");
    const surgeIsZero = surge.isMissing ? isDaemonSet : isZero(surge);
    if (!surgeIsZero || !isZero(unavailable)) return;
    report(
      `${surge.path} and ${unavailable.path} are both 0, so no pod can be replaced. Fix: set one of them to 1`,
    );
  },
};

function isZero(value: Property): boolean {
  return value.number === 0 || /^0+%?$/.test(value.text ?? "");
}
