import type * as k8s from "@pulumi/kubernetes";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import { dataHashAnnotation } from "../../kubernetes/configHash.ts";

/** What the calico-node DaemonSet is made of. */
export interface NodeDaemonSetInputs {
  readonly namespace: string;
  readonly nodeImage: pulumi.Input<string>;
  readonly cniImage: pulumi.Input<string>;
  /** Name of the ConfigMap that `nodeConfig` made, and a hash of its data. */
  readonly config: { readonly name: pulumi.Input<string>; readonly hash: string };
}

type Mount = { readonly path: string } & Omit<input.core.v1.HostPathVolumeSource, "path"> & {
    readonly at: string;
    readonly readOnly?: boolean;
  };

/** Folders of the node that calico-node works in, by volume name. */
const mounts: Record<string, Mount> = {
  "cni-net-dir": { path: "/etc/cni/net.d", at: "/host/etc/cni/net.d", type: "DirectoryOrCreate" },
  "lib-modules": { path: "/lib/modules", at: "/lib/modules", readOnly: true },
  "xtables-lock": { path: "/run/xtables.lock", at: "/run/xtables.lock", type: "FileOrCreate" },
  "var-run-calico": { path: "/var/run/calico", at: "/var/run/calico", type: "DirectoryOrCreate" },
  "var-lib-calico": { path: "/var/lib/calico", at: "/var/lib/calico", type: "DirectoryOrCreate" },
  policysync: { path: "/var/run/nodeagent", at: "/var/run/nodeagent", type: "DirectoryOrCreate" },
  "cni-log-dir": {
    path: "/var/log/calico/cni",
    at: "/var/log/calico/cni",
    type: "DirectoryOrCreate",
    readOnly: true,
  },
};

const labels = { "k8s-app": "calico-node" };

/** The DaemonSet that gives every node its routes, tunnel and policy, and the CNI plugin. */
export function nodeDaemonSet(inputs: NodeDaemonSetInputs): k8s.apps.v1.DaemonSetArgs {
  return {
    metadata: { name: "calico-node", namespace: inputs.namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels, annotations: { [dataHashAnnotation]: inputs.config.hash } },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          hostNetwork: true,
          // A node is not Ready before this pod has run on it, so every taint is tolerated.
          tolerations: [
            { operator: "Exists", effect: "NoSchedule" },
            { operator: "Exists", effect: "NoExecute" },
            { operator: "Exists", key: "CriticalAddonsOnly" },
          ],
          serviceAccountName: "calico-node",
          priorityClassName: "system-node-critical",
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          // Nothing to drain: the dataplane stays in the kernel while the pod is replaced.
          terminationGracePeriodSeconds: 0,
          initContainers: [installer(inputs)],
          containers: [node(inputs)],
          volumes: [
            ...Object.entries(mounts).map(([name, { path, type }]) => ({
              name,
              hostPath: { path, ...(type === undefined ? {} : { type }) },
            })),
            { name: "cni-bin-dir", hostPath: { path: "/opt/cni/bin", type: "DirectoryOrCreate" } },
          ],
        },
      },
    },
  };
}

function installer({ cniImage, config }: NodeDaemonSetInputs): input.core.v1.Container {
  return {
    name: "install-cni",
    image: cniImage,
    command: ["/opt/cni/bin/install"],
    env: [
      { name: "CNI_CONF_NAME", value: "10-calico.conflist" },
      fromConfig("CNI_NETWORK_CONFIG", config.name, "cni_network_config"),
      fromField("KUBERNETES_NODE_NAME", "spec.nodeName"),
      // Otherwise the installer stays, to watch for changes: as an init container it has to end.
      { name: "SLEEP", value: "false" },
    ],
    resources: { requests: { cpu: "50m", memory: "32Mi" } },
    // Writes the node's own folders, which SELinux forbids to any other container.
    securityContext: { privileged: true },
    volumeMounts: [
      { name: "cni-bin-dir", mountPath: "/host/opt/cni/bin" },
      { name: "cni-net-dir", mountPath: "/host/etc/cni/net.d" },
    ],
  };
}

function node({ nodeImage, config }: NodeDaemonSetInputs): input.core.v1.Container {
  const health = (question: string) => ({ exec: { command: ["/bin/calico-node", question] } });
  return {
    name: "calico-node",
    image: nodeImage,
    env: [
      { name: "DATASTORE_TYPE", value: "kubernetes" },
      { name: "WAIT_FOR_DATASTORE", value: "true" },
      fromField("NODENAME", "spec.nodeName"),
      fromConfig("CALICO_NETWORKING_BACKEND", config.name, "calico_backend"),
      { name: "CLUSTER_TYPE", value: "k8s" },
      // The address that the other nodes know this one by, also where it has several interfaces.
      { name: "IP", value: "autodetect" },
      { name: "IP_AUTODETECTION_METHOD", value: "kubernetes-internal-ip" },
      // The pool is a resource of ours: one that calico-node makes is never changed again.
      { name: "NO_DEFAULT_POOLS", value: "true" },
      fromConfig("FELIX_VXLANMTU", config.name, "veth_mtu"),
      { name: "CALICO_DISABLE_FILE_LOGGING", value: "true" },
      // Probes and host services must be reachable from the pods of the same node.
      { name: "FELIX_DEFAULTENDPOINTTOHOSTACTION", value: "ACCEPT" },
      { name: "FELIX_IPV6SUPPORT", value: "false" },
      { name: "FELIX_HEALTHENABLED", value: "true" },
    ],
    resources: { requests: { cpu: "150m", memory: "128Mi" } },
    // Programs routes, tunnels, ipsets and iptables of the node.
    securityContext: { privileged: true },
    lifecycle: { preStop: { exec: { command: ["/bin/calico-node", "-shutdown"] } } },
    readinessProbe: { ...health("-felix-ready"), periodSeconds: 5, timeoutSeconds: 10 },
    livenessProbe: {
      ...health("-felix-live"),
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    volumeMounts: Object.entries(mounts).map(([name, { at, readOnly = false }]) => ({
      name,
      mountPath: at,
      readOnly,
    })),
  };
}

function fromField(name: string, fieldPath: string): input.core.v1.EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function fromConfig(
  name: string,
  configName: pulumi.Input<string>,
  key: string,
): input.core.v1.EnvVar {
  return { name, valueFrom: { configMapKeyRef: { name: configName, key } } };
}
