import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { probes } from "../../kubernetes/probes.ts";
import { nonRootPod, restrictedContainer } from "../../kubernetes/securityContext.ts";

const labels = { "k8s-app": "calico-kube-controllers" };

/** The Deployment that releases addresses and blocks of deleted nodes and pods. */
export function kubeControllers(
  namespace: string,
  image: pulumi.Input<string>,
): k8s.apps.v1.DeploymentArgs {
  const status = (flag: string) => ({ exec: { command: ["/usr/bin/check-status", flag] } });
  return {
    metadata: { name: "calico-kube-controllers", namespace, labels },
    spec: {
      // Two at a time would release what the other has just assigned.
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
          securityContext: nonRootPod(),
          containers: [
            {
              name: "calico-kube-controllers",
              image,
              env: [
                { name: "DATASTORE_TYPE", value: "kubernetes" },
                { name: "ENABLED_CONTROLLERS", value: "node" },
              ],
              resources: { requests: { cpu: "20m", memory: "64Mi" } },
              securityContext: restrictedContainer({ rootFilesystem: "writable" }),
              ...probes(status("-r"), status("-l"), {
                readinessPeriodSeconds: 5,
                timeoutSeconds: 10,
                livenessFailures: 6,
              }),
            },
          ],
        },
      },
    },
  };
}
