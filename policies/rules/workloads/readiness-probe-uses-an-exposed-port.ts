import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";
import type { Property } from "../../sdk/property.ts";

/**
 * A probe on port 80 of a server that listens on 8000 never succeeds. The pod stays unready, the
 * Service has no endpoints, and its address refuses connections. A typing error in one of the two
 * ports shows when the probe's port must be in the container's list of ports.
 */
export const readinessProbeUsesAnExposedPort: ResourceValidationPolicy = {
  name: "readiness-probe-uses-an-exposed-port",
  displayName: "Readiness probes use an exposed port",
  description: "Every container that serves has a readiness probe on a port that it exposes.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["workloads", "probes"],
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
  remediationSteps:
    "Give the container a readinessProbe, name the port in the container's ports, and use that name in the probe. Init containers and Jobs need no probe. A sidecar needs none, but the port of its probe is checked. The rule compares no ports for exec probes, for pods on the host network and for probes that set a host.",
  validateResource: (args, report) => {
    const pod = podTemplateOf(args.type, args.props);
    if (pod === undefined || pod.runsToCompletion) return;
    // A bare pod that may exit is like a Job.
    if (["Never", "OnFailure"].includes(pod.spec.at("restartPolicy").text ?? "Always")) return;

    for (const { property, role } of containersOf(pod)) {
      const probe = property.at("readinessProbe");
      if (role === "init" || probe.isUnknown) continue;
      if (probe.isMissing) {
        if (role === "main") {
          report(
            `${probe.path} is not set. Fix: set one that requests the server, such as { httpGet: { path: "/", port: "http" } }`,
          );
        }
        continue;
      }
      if (pod.spec.at("hostNetwork").isTrue || pod.spec.at("hostNetwork").isUnknown) continue;
      reportHiddenPort(probe, property.at("ports"), report);
    }
  },
};

function reportHiddenPort(
  probe: Property,
  ports: Property,
  report: (message: string) => void,
): void {
  for (const handler of ["httpGet", "tcpSocket", "grpc"]) {
    if (!probe.at(handler, "host").isMissing) continue;
    const port = probe.at(handler, "port");
    const probed = port.number ?? port.text;
    if (probed === undefined || ports.isUnknown) continue;

    const exposed = ports.items().flatMap((item) => [item.at("name"), item.at("containerPort")]);
    if (exposed.some(({ isUnknown }) => isUnknown)) continue;
    // Kubernetes also accepts a port number in quotes, and some libraries write it so.
    if (exposed.some((known) => String(known.number ?? known.text) === String(probed))) continue;
    const known = ports.items().map((item) => {
      const number = String(item.at("containerPort").number);
      const name = item.at("name").text;
      return name === undefined ? number : `${name} (${number})`;
    });
    const had = known.length === 0 ? "no port" : known.join(", ");
    report(
      `${port.path} is ${probed}, but the container exposes ${had}. Fix: set the port that the server listens on, and list it in ${ports.path}`,
    );
  }
}
