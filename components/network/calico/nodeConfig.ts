/**
 * The CNI plugin chain every pod's network is made by. The two words in capitals are filled in on
 * each node by Calico's installer, which also writes the kubeconfig beside this file.
 */
export function cniConfig(mtuBytes: number): string {
  const calico = {
    type: "calico",
    log_level: "info",
    log_file_path: "/var/log/calico/cni/cni.log",
    datastore_type: "kubernetes",
    nodename: "__KUBERNETES_NODE_NAME__",
    mtu: mtuBytes,
    ipam: { type: "calico-ipam" },
    policy: { type: "k8s" },
    kubernetes: { kubeconfig: "__KUBECONFIG_FILEPATH__" },
  };
  const portMappings = { type: "portmap", snat: true, capabilities: { portMappings: true } };
  const chain = {
    name: "k8s-pod-network",
    cniVersion: "0.3.1",
    plugins: [calico, portMappings],
  };
  return JSON.stringify(chain, undefined, 2);
}

/** What calico-node reads from its ConfigMap. */
export function nodeConfig(mtuBytes: number): Record<string, string> {
  return {
    calico_backend: "vxlan",
    cni_network_config: cniConfig(mtuBytes),
    veth_mtu: String(mtuBytes),
  };
}
