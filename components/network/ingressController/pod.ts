import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

/** Names that the controller's arguments refer to. */
export interface ControllerNames {
  readonly className: string;
  /** Value of the IngressClass's `spec.controller`. */
  readonly controllerClass: string;
  /** Service whose address goes into each Ingress. */
  readonly serviceName: string;
  readonly configName: string;
  readonly leaseName: string;
  readonly accountName: string;
}

/** How often the controller looks whether an Ingress lacks its address; upstream's 60 is a long wait. */
const statusUpdateSeconds = 5;

/** The controller's pod: nginx and the program that writes its configuration. */
export function controllerPod(
  image: pulumi.Input<string>,
  labels: Record<string, string>,
  names: ControllerNames,
): input.core.v1.PodTemplateSpec {
  const probe = {
    httpGet: { path: "/healthz", port: "health" },
    initialDelaySeconds: 2,
    periodSeconds: 10,
  };
  return {
    metadata: { labels },
    spec: {
      nodeSelector: { "kubernetes.io/os": "linux" },
      serviceAccountName: names.accountName,
      // Open connections may finish; the hook below waits for them.
      terminationGracePeriodSeconds: 300,
      containers: [
        {
          name: "controller",
          image,
          args: [
            "/nginx-ingress-controller",
            `--publish-service=$(POD_NAMESPACE)/${names.serviceName}`,
            `--election-id=${names.leaseName}`,
            `--controller-class=${names.controllerClass}`,
            `--ingress-class=${names.className}`,
            `--configmap=$(POD_NAMESPACE)/${names.configName}`,
            `--status-update-interval=${statusUpdateSeconds}`,
          ],
          env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
          ],
          ports: [
            { name: "http", containerPort: 80 },
            { name: "https", containerPort: 443 },
            { name: "health", containerPort: 10254 },
          ],
          resources: { requests: { cpu: "100m", memory: "90Mi" } },
          readinessProbe: { ...probe, periodSeconds: 2, failureThreshold: 3 },
          livenessProbe: { ...probe, initialDelaySeconds: 10, failureThreshold: 5 },
          lifecycle: { preStop: { exec: { command: ["/wait-shutdown"] } } },
          securityContext: {
            allowPrivilegeEscalation: false,
            // nginx binds 80 and 443 without root.
            capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
            // It writes nginx's configuration into the image's own folders.
            readOnlyRootFilesystem: false,
            runAsNonRoot: true,
            runAsUser: 101,
            runAsGroup: 82,
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
      ],
    },
  };
}
