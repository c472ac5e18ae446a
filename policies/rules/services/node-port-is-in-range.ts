import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { Property } from "../../sdk/property.ts";

const defaults = { first: 30000, last: 32767 };

/**
 * The API server refuses a node port outside its range, but at a first `up` it does so only after
 * the cluster was built; and a cluster with a wider range takes a port that a node's own services
 * use, such as 10250, and then answers with them.
 */
export const nodePortIsInRange: ResourceValidationPolicy = {
  name: "node-port-is-in-range",
  displayName: "Node ports stay in their range",
  description: "A Service's node ports, its health check's included, are in the cluster's range.",
  enforcementLevel: "mandatory",
  severity: "medium",
  tags: ["services"],
  url: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
  remediationSteps: "Leave nodePort out, so that Kubernetes chooses one, or set one in the range.",
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
      // 0 asks for a free one, as leaving it out does.
      if (port.number === undefined || port.number === 0) continue;
      if (port.number >= first && port.number <= last) continue;
      report(`${port.path} is ${port.number}; set one from ${first} to ${last}, or none`);
    }
  },
};
