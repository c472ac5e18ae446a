import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";

import { fromField } from "../../kubernetes/env.ts";
import { probes } from "../../kubernetes/probes.ts";
import { nonRootPod, restrictedContainer } from "../../kubernetes/securityContext.ts";

/** Port of the health endpoints. Since 0.16 it differs from the metrics port. */
const healthPort = 17472;
const metricsPort = 9120;

/** Name of the secret that the controller creates for the speakers. */
const memberlistSecret = "memberlist";

/** Name of the ConfigMap with {@link excludedInterfaces}. */
export const excludedInterfacesConfig = "metallb-excludel2";

/** Interfaces to the node's pods and virtual machines. Speakers do not announce on them. */
export const excludedInterfaces = [
  "^docker.*",
  "^cbr.*",
  "^dummy.*",
  "^virbr.*",
  "^lxcbr.*",
  "^veth.*",
  "^lo$",
  "^cali.*",
  "^tunl.*",
  "^vxlan.calico$",
  "^flannel.*",
  "^kube-ipvs.*",
  "^cni.*",
  "^nodelocaldns.*",
  "^lxc.*",
];

/** Labels of one of MetalLB's two programs. */
export function labelsOf(component: "controller" | "speaker"): Record<string, string> {
  return { app: "metallb", component };
}

/** The controller's pod, which assigns addresses to Services. */
export function controllerPod(image: pulumi.Input<string>): input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels: labelsOf("controller") },
    spec: {
      nodeSelector: { "kubernetes.io/os": "linux" },
      serviceAccountName: "controller",
      terminationGracePeriodSeconds: 0,
      securityContext: nonRootPod({ uid: 65534, gid: 65534 }),
      containers: [
        {
          name: "controller",
          image,
          args: [`--port=${metricsPort}`, "--log-level=info", "--webhook-mode=disabled"],
          env: [
            fromField("METALLB_POD_NAME", "metadata.name"),
            { name: "METALLB_ML_SECRET_NAME", value: memberlistSecret },
            { name: "METALLB_DEPLOYMENT", value: "controller" },
          ],
          ports: [
            { name: "metricshttps", containerPort: metricsPort },
            { name: "health", containerPort: healthPort },
          ],
          resources: { requests: { cpu: "20m", memory: "64Mi" } },
          ...healthProbes(),
          securityContext: restrictedContainer(),
        },
      ],
    },
  };
}

/** A speaker's pod, one on each node. The elected speaker answers ARP for an address. */
export function speakerPod(
  image: pulumi.Input<string>,
  ignoreExcludedNodes: pulumi.Input<boolean>,
  annotations: Record<string, string>,
): input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels: labelsOf("speaker"), annotations },
    spec: {
      nodeSelector: { "kubernetes.io/os": "linux" },
      serviceAccountName: "speaker",
      terminationGracePeriodSeconds: 2,
      hostNetwork: true,
      tolerations: [
        { key: "node-role.kubernetes.io/master", operator: "Exists", effect: "NoSchedule" },
        { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
      ],
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "speaker",
          image,
          args: pulumi
            .output(ignoreExcludedNodes)
            .apply((ignore) => [
              `--port=${metricsPort}`,
              "--log-level=info",
              ...(ignore ? ["--ignore-exclude-lb"] : []),
            ]),
          env: [
            fromField("METALLB_NODE_NAME", "spec.nodeName"),
            fromField("METALLB_POD_NAME", "metadata.name"),
            fromField("METALLB_HOST", "status.hostIP"),
            fromField("METALLB_ML_BIND_ADDR", "status.podIP"),
            { name: "METALLB_ML_LABELS", value: "app=metallb,component=speaker" },
            { name: "METALLB_ML_SECRET_KEY_PATH", value: "/etc/ml_secret_key" },
          ],
          ports: [
            { name: "metricshttps", containerPort: metricsPort },
            { name: "health", containerPort: healthPort },
            { name: "memberlist-tcp", containerPort: 7946 },
            { name: "memberlist-udp", containerPort: 7946, protocol: "UDP" },
          ],
          resources: { requests: { cpu: "20m", memory: "64Mi" } },
          ...healthProbes({ host: "127.0.0.1" }),
          // Raw sockets, for ARP and NDP.
          securityContext: restrictedContainer({ capabilities: ["NET_RAW"] }),
          volumeMounts: [
            { name: "memberlist", mountPath: "/etc/ml_secret_key" },
            { name: "metallb-excludel2", mountPath: "/etc/metallb", readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: "memberlist", secret: { secretName: memberlistSecret, defaultMode: 0o644 } },
        {
          name: "metallb-excludel2",
          configMap: { name: excludedInterfacesConfig, defaultMode: 0o400 },
        },
      ],
    },
  };
}

function healthProbes(target: { readonly host?: string } = {}) {
  const get = (path: string) => ({ httpGet: { path, port: "health", ...target } });
  return probes(get("/readyz"), get("/healthz"));
}
