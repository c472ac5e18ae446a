import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";
import type { Property } from "../../sdk/property.ts";

/**
 * The web pod of the first exercise was probed on port 80 while its server listened on 8000: the pod
 * never became ready, the Service had no endpoints, and the address refused connections without a
 * word about why. A probe on a port that the container exposes is one that somebody compared.
 */
export const readinessProbeAsksAnExposedPort: ResourceValidationPolicy = {
  name: "readiness-probe-asks-an-exposed-port",
  displayName: "Readiness is asked on an exposed port",
  description: "Every container that serves has a readiness probe, on a port that it exposes.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["workloads", "probes"],
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
  remediationSteps:
    "Give the container a readinessProbe, name the port in the container's ports, and use that name in the probe. Init containers and Jobs need none, a sidecar's is checked where it has one, and an exec probe has no port. On the host's network, and in a probe with a host of its own, ports are not compared: the list says nothing there of what answers.",
  validateResource: (args, report) => {
    const pod = podTemplateOf(args.type, args.props);
    if (pod === undefined || pod.endsByItself) return;
    // A bare pod that may end is a Job by another name.
    if (["Never", "OnFailure"].includes(pod.spec.at("restartPolicy").text ?? "Always")) return;

    for (const { property, role } of containersOf(pod)) {
      const probe = property.at("readinessProbe");
      if (role === "init" || probe.isUnknown) continue;
      if (probe.isMissing) {
        if (role === "main") {
          report(
            `${probe.path} is not set; set one that asks the server itself, such as { httpGet: { path: "/", port: "http" } }`,
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
    const asked = port.number ?? port.text;
    if (asked === undefined || ports.isUnknown) continue;

    const exposed = ports.items().flatMap((item) => [item.at("name"), item.at("containerPort")]);
    if (exposed.some(({ isUnknown }) => isUnknown)) continue;
    // A port written as digits is a number to Kubernetes too, though some libraries quote it.
    if (exposed.some((known) => String(known.number ?? known.text) === String(asked))) continue;
    const known = ports.items().map((item) => {
      const number = String(item.at("containerPort").number);
      const name = item.at("name").text;
      return name === undefined ? number : `${name} (${number})`;
    });
    const had = known.length === 0 ? "no port" : known.join(", ");
    report(
      `${port.path} is ${asked}, but the container exposes ${had}; set the port that the server listens on, and list it in ${ports.path}`,
    );
  }
}
