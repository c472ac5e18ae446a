import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

const defaults = { first: 30000, last: 32767 };

/**
 * The API server rejects a node port outside its range. In a first `up` it does so only after the
 * cluster was built. A cluster with a wider range accepts ports of the node's own services, such as
 * 10250.
 */
export const nodePortIsInRange: ResourceValidationPolicy = {
  name: "node-port-is-in-range",
  displayName: "Node ports are in the cluster's range",
  description:
    "Every node port of a Service is in the cluster's range, also the port of its health check.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["services"],
  url: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
  remediationSteps: "Remove nodePort, so that Kubernetes chooses one, or set one in the range.",
  configSchema: {
    properties: {
      first: {
        type: "integer",
        minimum: 1,
        maximum: 65535,
        description: "First port of the API server's --service-node-port-range.",
        default: defaults.first,
      },
      last: {
        type: "integer",
        minimum: 1,
        maximum: 65535,
        description: "Last port of that range.",
        default: defaults.last,
      },
    },
  },
  validateResource: (args, report) => {
    if (!isKind(args.type, "", "Service")) return;
    const { first, last } = { ...defaults, ...args.getConfig<Partial<typeof defaults>>() };
    const spec = Property.of(args.props).at("spec");
    const ports = spec
      .at("ports")
      .items()
      .map((item) => item.at("nodePort"));

    for (const port of [...ports, spec.at("healthCheckNodePort")]) {
      // Kubernetes chooses a port for 0, as for a missing value.
      if (port.number === undefined || port.number === 0) continue;
      if (port.number >= first && port.number <= last) continue;
      report(`${port.path} is ${port.number}. Fix: set one from ${first} to ${last}, or remove it`);
    }
  },
};
