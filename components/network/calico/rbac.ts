/**
 * Permissions of Calico 3.31 with the Kubernetes datastore, VXLAN and Calico's address management.
 * Left out is what serves only BGP (confd, BIRD), Typha, migrations from other address management or
 * the load balancer controller.
 */
import { type Rule, read, rule } from "../../kubernetes/rbac.ts";

const calico = "crd.projectcalico.org";
/** Address management writes these when it assigns or releases an address. */
const allocations = ["blockaffinities", "ipamblocks", "ipamhandles"];
const write = ["create", "update", "delete"];

/** calico-node: Felix, the start-up checks, tunnel addresses and node status. */
export const nodeRules: Rule[] = [
  rule("", ["nodes", "pods", "namespaces", "serviceaccounts", "services"], read),
  // Felix clears NetworkUnavailable and keeps the node's addresses in its annotations.
  rule("", ["nodes/status"], ["patch", "update"]),
  rule("discovery.k8s.io", ["endpointslices"], ["list", "watch"]),
  rule("networking.k8s.io", ["networkpolicies"], ["list", "watch"]),
  rule(
    "policy.networking.k8s.io",
    ["adminnetworkpolicies", "baselineadminnetworkpolicies"],
    ["list", "watch"],
  ),
  rule(
    calico,
    [
      "bgpconfigurations",
      "bgppeers",
      "caliconodestatuses",
      "clusterinformations",
      "felixconfigurations",
      "globalnetworkpolicies",
      "globalnetworksets",
      "hostendpoints",
      "ippools",
      "ipreservations",
      "networkpolicies",
      "networksets",
      "stagedglobalnetworkpolicies",
      "stagedkubernetesnetworkpolicies",
      "stagednetworkpolicies",
      "tiers",
      ...allocations,
    ],
    read,
  ),
  // Defaults that Calico writes to its datastore at start-up.
  rule(calico, ["clusterinformations", "felixconfigurations"], ["create", "update"]),
  rule(calico, ["tiers"], ["create"]),
  rule(calico, ["ipamconfigs"], ["get", "create"]),
  rule(calico, ["caliconodestatuses"], ["update"]),
  // The CRD is gone since Calico 3, but calico-node does not start when this read is forbidden.
  rule(calico, ["globalfelixconfigs"], ["get"]),
  rule(calico, allocations, write),
];

/** calico-node in its namespace: tokens for the CNI plugin, and the kind of cluster. */
export const nodeNamespaceRules: Rule[] = [
  rule("", ["serviceaccounts/token"], ["create"], ["calico-cni-plugin"]),
  rule("", ["configmaps"], ["get"], ["kubeadm-config", "full-cluster-state"]),
];

/** The CNI plugin, which runs on the node whenever a pod starts or stops. */
export const pluginRules: Rule[] = [
  rule("", ["pods", "nodes", "namespaces"], ["get"]),
  rule("", ["pods/status"], ["patch"]),
  rule(calico, ["clusterinformations", "ippools", "ipreservations"], ["get", "list"]),
  rule(calico, ["ipamconfigs"], ["get", "create"]),
  rule(calico, allocations, ["get", "list", ...write]),
];

/** calico-kube-controllers with only the node controller, which releases what deleted nodes held. */
export const controllerRules: Rule[] = [
  rule("", ["nodes", "pods"], read),
  rule(calico, ["ippools"], ["list", "watch"]),
  rule(calico, ["ipreservations"], ["list"]),
  rule(calico, ["tiers"], ["create"]),
  rule(calico, ["ipamconfigs"], ["get", "create"]),
  rule(calico, [...allocations, "hostendpoints"], [...read, ...write]),
  rule(
    calico,
    ["clusterinformations", "kubecontrollersconfigurations"],
    [...read, "create", "update"],
  ),
];
