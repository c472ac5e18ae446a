import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import { configHash } from "../../kubernetes/configHash.ts";
import { probes } from "../../kubernetes/probes.ts";
import { nonRootPod, restrictedContainer } from "../../kubernetes/securityContext.ts";
import { webPort } from "./server.ts";

/** What the pod is built from. */
export interface WebPodInputs {
  /** Image of an nginx that runs without root and reads `/etc/nginx/conf.d`. */
  readonly image: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  /** The ConfigMap with the server's configuration. */
  readonly config: {
    readonly name: pulumi.Input<string>;
    readonly data: Readonly<Record<string, string>>;
  };
}

/** The web server's pod template. */
export function webPod({ image, labels, config }: WebPodInputs): input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels, annotations: configHash(config.data) },
    spec: {
      automountServiceAccountToken: false,
      securityContext: nonRootPod({ uid: 101, gid: 101 }),
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
          ...probes({ httpGet: { path: "/healthz", port: "http" } }),
          // Packets still arrive for a moment after the pod has left the Service.
          lifecycle: { preStop: { sleep: { seconds: 3 } } },
          securityContext: restrictedContainer(),
          volumeMounts: [
            { name: "server", mountPath: "/etc/nginx/conf.d", readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "server", configMap: { name: config.name } },
        { name: "tmp", emptyDir: {} },
      ],
    },
  };
}
