import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import { webPort } from "./server.ts";

/** The web server's pod: any nginx that runs without root and reads `/etc/nginx/conf.d`. */
export function webPod(
  image: pulumi.Input<string>,
  labels: Record<string, string>,
  annotations: Record<string, string>,
  configName: pulumi.Input<string>,
): input.core.v1.PodTemplateSpec {
  const health = { httpGet: { path: "/healthz", port: "http" } };
  return {
    metadata: { labels, annotations },
    spec: {
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 101,
        runAsGroup: 101,
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: [
        {
          topologyKey: "kubernetes.io/hostname",
          maxSkew: 1,
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: labels },
        },
      ],
      containers: [
        {
          name: "web",
          image,
          ports: [{ name: "http", containerPort: webPort }],
          resources: { requests: { cpu: "10m", memory: "16Mi" } },
          readinessProbe: { ...health, periodSeconds: 2 },
          livenessProbe: { ...health, initialDelaySeconds: 5, periodSeconds: 10 },
          // Packets still come for a moment after the pod was taken off the Service.
          lifecycle: { preStop: { sleep: { seconds: 3 } } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "server", mountPath: "/etc/nginx/conf.d", readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "server", configMap: { name: configName } },
        { name: "tmp", emptyDir: {} },
      ],
    },
  };
}
