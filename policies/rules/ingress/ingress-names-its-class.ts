import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isIngress } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

const oldAnnotation = "kubernetes.io/ingress.class";

/**
 * The class of ingress-nginx is not the cluster's default class. Its controller ignores an Ingress
 * without a class, with no event and no log line, and the host answers 404. With two controllers,
 * either may serve the Ingress.
 */
export const ingressNamesItsClass: ResourceValidationPolicy = {
  name: "ingress-names-its-class",
  displayName: "Every Ingress names its class",
  description:
    "Every Ingress sets spec.ingressClassName. The annotation kubernetes.io/ingress.class is deprecated.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["ingress"],
  url: "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",
  remediationSteps:
    "Set spec.ingressClassName to the controller's class, which is the output className of IngressController.",
  validateResource: (args, report) => {
    if (!isIngress(args.type)) return;
    const ingress = Property.of(args.props);
    const className = ingress.at("spec", "ingressClassName");
    if (className.isUnknown || (className.text ?? "") !== "") return;
    const old = ingress.at("metadata", "annotations", oldAnnotation);
    const value = old.text === undefined ? "the controller's class, such as nginx" : old.text;
    const hint = old.isMissing ? "" : ` and remove ${old.path}, which is deprecated`;
    report(`${className.path} is not set. Fix: set ${value}${hint}`);
  },
};
