import type { StackValidationPolicy } from "@pulumi/policy";

import {
  isKind,
  maybeMatchesLabels,
  maybeSameNamespace,
  namespaceOf,
  podTemplateOf,
  type Namespace,
} from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

interface Configuration {
  readonly podsOutside: readonly {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

const defaults: Configuration = {
  podsOutside: [{ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }],
};

/**
 * A typing error in a selector leaves a Service without endpoints. The Service gets its address and
 * MetalLB announces it, but connections are refused or hang. Only a comparison of the selector with
 * the labels of the workload shows the cause.
 */
export const serviceSelectsAWorkload: StackValidationPolicy = {
  name: "service-selects-a-workload",
  displayName: "A Service's selector finds pods",
  description:
    "Every Service with a selector selects the pods of a workload in its namespace, or pods that the rule's settings name.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["services", "workloads"],
  url: "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
  remediationSteps:
    "Use the same constant for spec.selector of the Service and spec.template.metadata.labels of the workload, and the same namespace. Name pods outside the stack in podsOutside.",
  configSchema: {
    properties: {
      podsOutside: {
        type: "array",
        description: "Namespaces and labels of pods that exist outside the stack.",
        items: {
          type: "object",
          required: ["namespace", "labels"],
          properties: { namespace: { type: "string" }, labels: { type: "object" } },
        },
        default: [...defaults.podsOutside],
      },
    },
  },
  validateStack: (args, report) => {
    const { podsOutside } = { ...defaults, ...args.getConfig<Partial<Configuration>>() };
    const pods = [
      ...podsOutside.map(({ namespace, labels }) => ({
        namespace: { name: namespace },
        labels: Property.of(labels),
      })),
      ...args.resources.flatMap((resource) => {
        const template = podTemplateOf(resource.type, resource.props);
        if (template === undefined) return [];
        return [{ namespace: namespaceOf(resource), labels: template.metadata.at("labels") }];
      }),
    ];

    for (const service of args.resources.filter(({ type }) => isKind(type, "", "Service"))) {
      const selector = Property.of(service.props).at("spec", "selector");
      if (selector.isUnknown || selector.entries().length === 0) continue;
      const namespace = namespaceOf(service);
      const selected = pods.filter(({ labels }) => maybeMatchesLabels(selector, labels));
      if (selected.some((pod) => maybeSameNamespace(pod.namespace, namespace))) continue;
      report(`${selector.path} ${textOf(selector)} ${whyNone(selected, namespace)}`, service.urn);
    }
  },
};

function textOf(selector: Property): string {
  return selector
    .entries()
    .map(([key, { text }]) => `${key}=${text ?? "?"}`)
    .join(",");
}

function whyNone(
  elsewhere: readonly { readonly namespace: Namespace }[],
  namespace: Namespace,
): string {
  const here = namespace === "unknown" ? "its namespace" : namespace.name;
  const [other] = elsewhere.flatMap((pod) => (pod.namespace === "unknown" ? [] : [pod.namespace]));
  return other === undefined
    ? `selects no workload in ${here}. Fix: set the labels of the workload's spec.template.metadata.labels`
    : `selects no workload in ${here}, only one in ${other.name}. Fix: set metadata.namespace to ${other.name}`;
}
