import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

/**
 * Neither one pod more nor one pod less: such an update cannot take a step. It is a corner of the
 * rollout exercise that one is meant to try, and Kubernetes refuses it, but only once there is a
 * cluster to refuse: the first `up` of a stack has built one by then.
 */
export const rollingUpdateCanMove: ResourceValidationPolicy = {
  name: "rolling-update-can-move",
  displayName: "A rolling update can take a step",
  description:
    "A rolling update's maxSurge and maxUnavailable are not both 0, as numbers or as percentages, given or by default.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["workloads", "rollout"],
  url: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment",
  remediationSteps:
    "Set maxSurge to 1 to add a pod before one is taken away, or maxUnavailable to 1 to take one away first.",
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
      `${surge.path} and ${unavailable.path} are both 0, so no pod can be replaced; set one of them to 1`,
    );
  },
};

function isZero(value: Property): boolean {
  return value.number === 0 || /^0+%?$/.test(value.text ?? "");
}
