import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isIngress } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

const oldAnnotation = "kubernetes.io/ingress.class";

/**
 * The class that ingress-nginx brings is not the default one, so its controller passes over an
 * Ingress without a class: no event, no log line, and the host answers 404 from the default backend.
 * With two controllers it is worse: either may take it.
 */
export const ingressNamesItsClass: ResourceValidationPolicy = {
  name: "ingress-names-its-class",
  displayName: "Every Ingress names its class",
  description:
    "Every Ingress sets spec.ingressClassName; the old annotation kubernetes.io/ingress.class is not enough.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["ingress"],
  url: "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",
  remediationSteps:
    "Set spec.ingressClassName to the controller's class: with IngressController, its output className.",
  validateResource: (args, report) => {
    if (!isIngress(args.type)) return;
    const ingress = Property.of(args.props);
    const className = ingress.at("spec", "ingressClassName");
    if (className.isUnknown || (className.text ?? "") !== "") return;
    const old = ingress.at("metadata", "annotations", oldAnnotation);
    const value = old.text === undefined ? "the controller's class, such as nginx" : old.text;
    const hint = old.isMissing ? "" : ` and remove ${old.path}, which is deprecated`;
    report(`${className.path} is not set; set ${value}${hint}`);
  },
};
