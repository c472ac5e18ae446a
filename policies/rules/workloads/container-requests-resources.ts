import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";

const defaults = { resources: ["cpu", "memory"] };

/**
 * Without requests the scheduler believes that a node is empty. On two small nodes that is enough to
 * put everything on one of them, where the kernel then ends whatever grew last: an ingress
 * controller, a speaker, and with it an address that answered a minute ago.
 */
export const containerRequestsResources: ResourceValidationPolicy = {
  name: "container-requests-resources",
  displayName: "Containers request what they need",
  description: "Every container, init containers and Jobs included, requests cpu and memory.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["workloads", "scheduling"],
  url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  remediationSteps:
    'Set resources.requests of the container, such as { cpu: "50m", memory: "64Mi" }; `kubectl top pod` shows what it uses. A limit counts: Kubernetes makes it the request where none is given.',
  configSchema: {
    properties: {
      resources: {
        type: "array",
        items: { type: "string" },
        description: "Resources that must be requested.",
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
        report(`${request.path} ${got}; set what the container needs, such as "${example}"`);
      }
    }
  },
};

function isNothing(quantity: string | number | undefined): boolean {
  return quantity === undefined || Number.parseFloat(String(quantity)) === 0;
}
