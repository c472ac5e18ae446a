/** MTU of pods and tunnel, in bytes. With 0 Calico takes what fits the node's interface. */
const mtuBytes = 0;

/**
 * The CNI plugin chain that sets up every pod's network. Calico's installer replaces the two words in
 * capitals on each node and writes the kubeconfig next to the file.
 */
function cniConfig(): string {
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
export function nodeConfig(rules: "iptables" | "nftables"): Record<string, string> {
  return {
    calico_backend: "vxlan",
    cni_network_config: cniConfig(),
    nftables_mode: rules === "nftables" ? "Enabled" : "Disabled",
    veth_mtu: String(mtuBytes),
  };
}
