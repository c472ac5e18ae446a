import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const labels = { "k8s-app": "calico-kube-controllers" };

/** The Deployment that frees addresses and blocks which lost nodes and pods still hold. */
export function kubeControllers(
  namespace: string,
  image: pulumi.Input<string>,
): k8s.apps.v1.DeploymentArgs {
  const status = (question: string) => ({
    exec: { command: ["/usr/bin/check-status", question] },
    periodSeconds: 10,
    timeoutSeconds: 10,
  });
  return {
    metadata: { name: "calico-kube-controllers", namespace, labels },
    spec: {
      // Two at a time would free what the other has just given out.
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [
            { operator: "Exists", key: "CriticalAddonsOnly" },
            { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
          ],
          serviceAccountName: "calico-kube-controllers",
          priorityClassName: "system-cluster-critical",
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "calico-kube-controllers",
              image,
              env: [
                { name: "DATASTORE_TYPE", value: "kubernetes" },
                { name: "ENABLED_CONTROLLERS", value: "node" },
              ],
              resources: { requests: { cpu: "20m", memory: "64Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
              },
              readinessProbe: { ...status("-r"), periodSeconds: 5 },
              livenessProbe: { ...status("-l"), initialDelaySeconds: 10, failureThreshold: 6 },
            },
          ],
        },
      },
    },
  };
}
