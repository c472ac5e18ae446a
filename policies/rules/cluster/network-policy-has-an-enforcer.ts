import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";

import { isCalicoKind } from "../../facts/calico.ts";
import { soleGkeClusterIn } from "../../facts/gkeStack.ts";
import { isKind } from "../../facts/kubernetes.ts";

interface Configuration {
  readonly enforcer: "auto" | "present" | "absent";
}

const defaults: Configuration = { enforcer: "auto" };

/**
 * Every API server accepts a NetworkPolicy. In a cluster without a network plugin that enforces it,
 * the policy changes nothing, and everybody believes that the pods are isolated. GKE's Calico add-on
 * is off by default and has two switches, and the policy works only with both.
 */
export const networkPolicyHasAnEnforcer: StackValidationPolicy = {
  name: "network-policy-has-an-enforcer",
  displayName: "Something enforces every network policy",
  description:
    "A stack with a network policy has a cluster whose network plugin enforces it: Calico, GKE's Calico add-on or Dataplane V2.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["cluster", "network-policy"],
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites",
  remediationSteps:
    "In GKE, set networkPolicy.enabled of the cluster to true and addonsConfig.networkPolicyConfig.disabled to false. Elsewhere, install Calico, or set enforcer to present for a cluster that has another enforcer.",
  configSchema: {
    properties: {
      enforcer: {
        type: "string",
        enum: ["auto", "present", "absent"],
        description:
          "Whether the cluster enforces policies. With auto, the rule reads it from the cluster in GKE or from the Calico component, and accepts other clusters.",
        default: defaults.enforcer,
      },
    },
  },
  validateStack: (args, report) => {
    const { enforcer } = { ...defaults, ...args.getConfig<Partial<Configuration>>() };
    const lack = enforcer === "auto" ? lackIn(args.resources) : settingsLack[enforcer];
    if (lack === undefined) return;
    for (const { urn } of args.resources.filter(isPolicy)) {
      report(`nothing enforces this policy, because ${lack}`, urn);
    }
  },
};

const isPolicy = (resource: PolicyResource): boolean =>
  isCalicoKind(resource, "NetworkPolicy", "GlobalNetworkPolicy") ||
  isKind(resource.type, "networking.k8s.io", "NetworkPolicy");

const settingsLack = {
  present: undefined,
  absent:
    "the rule's setting enforcer is absent. Fix: install a network plugin that enforces policies, and set it to present",
};

/** Why the stack's cluster enforces no policy, or undefined if it may. */
function lackIn(resources: readonly PolicyResource[]): string | undefined {
  const cluster = soleGkeClusterIn(resources);
  if (cluster !== undefined) {
    const { datapath, autopilot, networkPolicy, networkPolicyAddOnDisabled: disabled } = cluster;
    const mayBeV2 = datapath.isUnknown || datapath.text === "ADVANCED_DATAPATH";
    if (mayBeV2 || autopilot.isTrue || autopilot.isUnknown) return undefined;
    const where = `of the cluster ${cluster.resource.name}`;
    if (!networkPolicy.isTrue && !networkPolicy.isUnknown) {
      return `${networkPolicy.statement} ${where}. Fix: set true`;
    }
    if (disabled.isFalse || disabled.isUnknown) return undefined;
    return `${disabled.statement} ${where}, which leaves the add-on off. Fix: set false`;
  }
  const has = (type: string) => resources.some((resource) => resource.type === type);
  if (!has("provenet:cluster:MinikubeCluster") || has("provenet:network:Calico")) return undefined;
  return "the stack's minikube cluster has no Calico. Fix: add the component Calico";
}
