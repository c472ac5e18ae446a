import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

/** Port of the health answers; since 0.16 not the metrics port. */
const healthPort = 17472;
const metricsPort = 9120;

/** Name, in MetalLB's namespace, of the secret that its controller makes for the speakers. */
export const memberlistSecret = "memberlist";

/** Name of the ConfigMap with {@link excludedInterfaces}. */
export const excludedInterfacesConfig = "metallb-excludel2";

/** Interfaces that lead to pods or virtual machines of the node itself: never announced on. */
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

/** The controller's pod: it gives addresses to Services. */
export function controllerPod(image: pulumi.Input<string>): input.core.v1.PodTemplateSpec {
  return {
    metadata: { labels: labelsOf("controller") },
    spec: {
      nodeSelector: { "kubernetes.io/os": "linux" },
      serviceAccountName: "controller",
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65534,
        fsGroup: 65534,
        seccompProfile: { type: "RuntimeDefault" },
      },
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
          ...probes(),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}

/** A speaker's pod, one on each node: the elected one answers ARP for an address. */
export function speakerPod(
  image: pulumi.Input<string>,
  ignoreExcludedNodes: boolean,
): input.core.v1.PodTemplateSpec {
  const labels = labelsOf("speaker");
  return {
    metadata: { labels },
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
          args: [
            `--port=${metricsPort}`,
            "--log-level=info",
            ...(ignoreExcludedNodes ? ["--ignore-exclude-lb"] : []),
          ],
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
          ...probes("127.0.0.1"),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            // Raw sockets, for ARP and NDP.
            capabilities: { drop: ["ALL"], add: ["NET_RAW"] },
          },
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

function probes(host?: string): Pick<input.core.v1.Container, "readinessProbe" | "livenessProbe"> {
  const probe = (path: string) => ({
    httpGet: { path, port: "health", ...(host === undefined ? {} : { host }) },
    periodSeconds: 10,
    failureThreshold: 3,
  });
  return {
    readinessProbe: { ...probe("/readyz"), periodSeconds: 2 },
    livenessProbe: { ...probe("/healthz"), initialDelaySeconds: 10 },
  };
}

function fromField(name: string, fieldPath: string): input.core.v1.EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
