import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import { fromField } from "../../kubernetes/env.ts";
import { probes } from "../../kubernetes/probes.ts";
import { nonRootPod, restrictedContainer } from "../../kubernetes/securityContext.ts";
import { controllerNames } from "./names.ts";

/** Seconds between two checks for an Ingress without an address. Upstream's default is 60. */
const statusUpdateSeconds = 5;

/** The controller's pod: nginx and the program that writes its configuration. */
export function controllerPod(
  image: pulumi.Input<string>,
  labels: Record<string, string>,
  className: string,
): input.core.v1.PodTemplateSpec {
  const names = controllerNames(className);
  return {
    metadata: { labels },
    spec: {
      nodeSelector: { "kubernetes.io/os": "linux" },
      serviceAccountName: names.base,
      // Time for open connections to finish. The preStop hook waits for them.
      terminationGracePeriodSeconds: 300,
      securityContext: nonRootPod({ uid: 101, gid: 82 }),
      containers: [
        {
          name: "controller",
          image,
          args: [
            "/nginx-ingress-controller",
            `--publish-service=$(POD_NAMESPACE)/${names.controller}`,
            `--election-id=${names.lease}`,
            `--controller-class=${names.controllerClass}`,
            `--ingress-class=${className}`,
            `--configmap=$(POD_NAMESPACE)/${names.controller}`,
            `--status-update-interval=${statusUpdateSeconds}`,
          ],
          env: [
            fromField("POD_NAME", "metadata.name"),
            fromField("POD_NAMESPACE", "metadata.namespace"),
          ],
          ports: [
            { name: "http", containerPort: 80 },
            { name: "https", containerPort: 443 },
            { name: "health", containerPort: 10254 },
          ],
          resources: { requests: { cpu: "100m", memory: "90Mi" } },
          ...probes({ httpGet: { path: "/healthz", port: "health" } }, undefined, {
            livenessFailures: 5,
          }),
          lifecycle: { preStop: { exec: { command: ["/wait-shutdown"] } } },
          // nginx binds 80 and 443 without root, and writes its configuration into the image's folders.
          securityContext: restrictedContainer({
            capabilities: ["NET_BIND_SERVICE"],
            rootFilesystem: "writable",
          }),
        },
      ],
    },
  };
}
