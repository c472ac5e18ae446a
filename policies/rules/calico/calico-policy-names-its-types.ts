import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

const groups = ["crd.projectcalico.org", "projectcalico.org"];
const kinds = [
  "GlobalNetworkPolicy",
  "NetworkPolicy",
  "StagedGlobalNetworkPolicy",
  "StagedNetworkPolicy",
];
const directions = ["Ingress", "Egress"];

/**
 * Without Calico's API server nothing fills in `types`, and Felix takes a missing list as both
 * directions: a policy written to log what comes in then also denies all that goes out, since a
 * selected pod's traffic is denied at the end of the tier. The exercise's policy lacked it.
 */
export const calicoPolicyNamesItsTypes: ResourceValidationPolicy = {
  name: "calico-policy-names-its-types",
  displayName: "Calico policies name their types",
  description:
    "Every Calico network policy sets spec.types, and it lists the directions that the policy has rules for.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["calico", "network-policy"],
  url: "https://docs.tigera.io/calico/latest/reference/resources/networkpolicy",
  remediationSteps:
    "Set spec.types to the directions the policy is about: Ingress, Egress, or both.",
  validateResource: (args, report) => {
    if (!groups.some((group) => isKind(args.type, group, ...kinds))) return;
    const spec = Property.of(args.props).at("spec");
    const types = spec.at("types");
    const named = types.items();
    if (types.isUnknown || named.some(({ isUnknown }) => isUnknown)) return;

    const ruled = directions.filter(
      (direction) => spec.at(direction.toLowerCase()).items().length > 0,
    );
    if (named.length === 0) {
      const wanted = ruled.length === 0 ? directions : ruled;
      report(`${types.path} is not set, which means both directions; set ${listed(wanted)}`);
      return;
    }
    for (const type of named.filter(({ text }) => !directions.includes(text ?? ""))) {
      report(`${type.path} is ${type.text ?? "no text"}; set Ingress or Egress`);
    }
    const left = ruled.filter((direction) => !named.some(({ text }) => text === direction));
    for (const direction of left) {
      const rules = spec.at(direction.toLowerCase()).path;
      report(`${types.path} leaves out ${direction}, so ${rules} has no effect; add ${direction}`);
    }
  },
};

function listed(words: readonly string[]): string {
  return `[${words.map((word) => `"${word}"`).join(", ")}]`;
}
