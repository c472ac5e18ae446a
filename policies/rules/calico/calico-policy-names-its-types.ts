import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isCalicoKind } from "../../facts/calico.ts";
import { Property } from "../../sdk/property.ts";

const kinds = [
  "GlobalNetworkPolicy",
  "NetworkPolicy",
  "StagedGlobalNetworkPolicy",
  "StagedNetworkPolicy",
];
const directions = ["Ingress", "Egress"];

/**
 * Felix reads a missing `types` as both directions, and only Calico's API server fills it in. A
 * policy that should log incoming packets then denies all outgoing ones.
 */
export const calicoPolicyNamesItsTypes: ResourceValidationPolicy = {
  name: "calico-policy-names-its-types",
  displayName: "Calico policies name their types",
  description:
    "Every Calico network policy sets spec.types to the directions that it has rules for.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["calico", "network-policy"],
  url: "https://docs.tigera.io/calico/latest/reference/resources/networkpolicy",
  remediationSteps: "Set spec.types to Ingress, Egress, or both.",
  validateResource: (args, report) => {
    if (!isCalicoKind(args, ...kinds)) return;
    const spec = Property.of(args.props).at("spec");
    const types = spec.at("types");
    const named = types.items();
    if (types.isUnknown || named.some(({ isUnknown }) => isUnknown)) return;

    const ruled = directions.filter(
      (direction) => spec.at(direction.toLowerCase()).items().length > 0,
    );
    if (named.length === 0) {
      const wanted = ruled.length === 0 ? directions : ruled;
      report(`${types.path} is not set, which means both directions. Fix: set ${listed(wanted)}`);
      return;
    }
    for (const type of named.filter(({ text }) => !directions.includes(text ?? ""))) {
      report(`${type.path} is ${type.text ?? "no text"}. Fix: set Ingress or Egress`);
    }
    const left = ruled.filter((direction) => !named.some(({ text }) => text === direction));
    for (const direction of left) {
      const rules = spec.at(direction.toLowerCase()).path;
      report(`${types.path} omits ${direction}, so ${rules} has no effect. Fix: add ${direction}`);
    }
  },
};

function listed(words: readonly string[]): string {
  return `[${words.map((word) => `"${word}"`).join(", ")}]`;
}
