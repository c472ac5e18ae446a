import type * as k8s from "@pulumi/kubernetes";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import { configHash } from "../../kubernetes/configHash.ts";
import { fromConfigMap, fromField } from "../../kubernetes/env.ts";
import { probes } from "../../kubernetes/probes.ts";

/** What the calico-node DaemonSet is built from. */
export interface NodeDaemonSetInputs {
  readonly namespace: string;
  readonly nodeImage: pulumi.Input<string>;
  readonly cniImage: pulumi.Input<string>;
  /** The ConfigMap with `nodeConfig`'s data. */
  readonly config: {
    readonly name: pulumi.Input<string>;
    readonly data: Readonly<Record<string, string>>;
  };
}

type Mount = { readonly path: string } & Omit<input.core.v1.HostPathVolumeSource, "path"> & {
    readonly at: string;
    readonly readOnly?: boolean;
  };

/** Folders of the node that calico-node mounts, by volume name. */
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

/** The DaemonSet that programs routes, tunnel and policy on every node and installs the CNI plugin. */
export function nodeDaemonSet(inputs: NodeDaemonSetInputs): k8s.apps.v1.DaemonSetArgs {
  return {
    metadata: { name: "calico-node", namespace: inputs.namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels, annotations: configHash(inputs.config.data) },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          hostNetwork: true,
          // A node becomes Ready only after this pod has run on it, so every taint is tolerated.
          tolerations: [
            { operator: "Exists", effect: "NoSchedule" },
            { operator: "Exists", effect: "NoExecute" },
            { operator: "Exists", key: "CriticalAddonsOnly" },
          ],
          serviceAccountName: "calico-node",
          priorityClassName: "system-node-critical",
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          // Nothing to drain. The dataplane stays in the kernel while the pod is replaced.
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
      fromConfigMap("CNI_NETWORK_CONFIG", config.name, "cni_network_config"),
      fromField("KUBERNETES_NODE_NAME", "spec.nodeName"),
      // By default the installer keeps running and watches for changes. An init container has to end.
      { name: "SLEEP", value: "false" },
    ],
    resources: { requests: { cpu: "50m", memory: "32Mi" } },
    // Writes to folders of the node, which SELinux forbids for unprivileged containers.
    securityContext: { privileged: true },
    volumeMounts: [
      { name: "cni-bin-dir", mountPath: "/host/opt/cni/bin" },
      { name: "cni-net-dir", mountPath: "/host/etc/cni/net.d" },
    ],
  };
}

function node({ nodeImage, config }: NodeDaemonSetInputs): input.core.v1.Container {
  const health = (flag: string) => ({ exec: { command: ["/bin/calico-node", flag] } });
  return {
    name: "calico-node",
    image: nodeImage,
    env: [
      { name: "DATASTORE_TYPE", value: "kubernetes" },
      { name: "WAIT_FOR_DATASTORE", value: "true" },
      fromField("NODENAME", "spec.nodeName"),
      fromConfigMap("CALICO_NETWORKING_BACKEND", config.name, "calico_backend"),
      { name: "CLUSTER_TYPE", value: "k8s" },
      // A node may have several interfaces. The other nodes know it by its Kubernetes internal IP.
      { name: "IP", value: "autodetect" },
      { name: "IP_AUTODETECTION_METHOD", value: "kubernetes-internal-ip" },
      // The program creates the pool. Calico never changes a pool that calico-node created.
      { name: "NO_DEFAULT_POOLS", value: "true" },
      fromConfigMap("FELIX_VXLANMTU", config.name, "veth_mtu"),
      // The default differs between 3.31 and 3.32.
      fromConfigMap("FELIX_NFTABLESMODE", config.name, "nftables_mode"),
      { name: "CALICO_DISABLE_FILE_LOGGING", value: "true" },
      // Pods must reach probes and host services on the same node.
      { name: "FELIX_DEFAULTENDPOINTTOHOSTACTION", value: "ACCEPT" },
      { name: "FELIX_IPV6SUPPORT", value: "false" },
      { name: "FELIX_HEALTHENABLED", value: "true" },
    ],
    resources: { requests: { cpu: "150m", memory: "128Mi" } },
    // Programs routes, tunnels, ipsets and iptables of the node.
    securityContext: { privileged: true },
    lifecycle: { preStop: { exec: { command: ["/bin/calico-node", "-shutdown"] } } },
    ...probes(health("-felix-ready"), health("-felix-live"), {
      readinessPeriodSeconds: 5,
      timeoutSeconds: 10,
      livenessFailures: 6,
    }),
    volumeMounts: Object.entries(mounts).map(([name, { at, readOnly = false }]) => ({
      name,
      mountPath: at,
      readOnly,
    })),
  };
}
