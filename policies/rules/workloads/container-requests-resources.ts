import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";

const defaults = { resources: ["cpu", "memory"] };

/**
 * Without requests the scheduler sees an empty node and may place every pod on it. The kernel then
 * kills a container when memory runs out. If that is the speaker or the ingress controller, an
 * address stops answering.
 */
export const containerRequestsResources: ResourceValidationPolicy = {
  name: "container-requests-resources",
  displayName: "Containers request resources",
  description: "Every container requests cpu and memory, also in init containers and Jobs.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["workloads", "scheduling"],
  url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  remediationSteps:
    'Set resources.requests of the container, such as { cpu: "50m", memory: "64Mi" }. `kubectl top pod` shows its use. A limit is enough, because Kubernetes uses it as the request.',
  configSchema: {
    properties: {
      resources: {
        type: "array",
        items: { type: "string" },
        description: "Resources that every container requests.",
        default: defaults.resources,
      },
    },
  },
  validateResource: (args, report) => {
    const pod = podTemplateOf(args.type, args.props);
    if (pod === undefined) return;
    const { resources } = { ...defaults, ...args.getConfig<Partial<typeof defaults>>() };

    for (const { property } of containersOf(pod)) {
      for (const resource of resources) {
        const request = property.at("resources", "requests", resource);
        const limit = property.at("resources", "limits", resource);
        if (request.isMissing && !limit.isMissing) continue;
        if (request.isUnknown || !isNothing(request.text ?? request.number)) continue;
        const example = resource === "memory" ? "64Mi" : resource === "cpu" ? "50m" : "1";
        const got = request.isMissing ? "is not set" : "is 0";
        report(`${request.path} ${got}. Fix: set what the container needs, such as "${example}"`);
      }
    }
  },
};

function isNothing(quantity: string | number | undefined): boolean {
  return quantity === undefined || Number.parseFloat(String(quantity)) === 0;
}
