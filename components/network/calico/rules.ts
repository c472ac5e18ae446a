/**
 * What Calico 3.31 needs with the Kubernetes datastore, VXLAN and its own address management,
 * and nothing for what is not used here: BGP (confd, BIRD), Typha, migrations from other address
 * management, and the load balancer controller.
 */
import { type Rule, read, rule } from "../../kubernetes/rbac.ts";

const calico = "crd.projectcalico.org";
/** Address management writes these when it gives an address or takes one back. */
const allocations = ["blockaffinities", "ipamblocks", "ipamhandles"];
const write = ["create", "update", "delete"];

/** calico-node: Felix, the start-up checks, tunnel addresses and node status. */
export const nodeRules: Rule[] = [
  rule("", ["nodes", "pods", "namespaces", "serviceaccounts", "services"], read),
  // Felix clears NetworkUnavailable; the node's addresses are kept in its annotations.
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
  // Written at start-up: the defaults that Calico keeps in its datastore.
  rule(calico, ["clusterinformations", "felixconfigurations"], ["create", "update"]),
  rule(calico, ["tiers"], ["create"]),
  rule(calico, ["ipamconfigs"], ["get", "create"]),
  rule(calico, ["caliconodestatuses"], ["update"]),
  // There are none since Calico 3, but it does not start before it has been told so.
  rule(calico, ["globalfelixconfigs"], ["get"]),
  rule(calico, allocations, write),
];

/** calico-node in its own namespace: a token for the CNI plugin, and what kind of cluster it is. */
export const nodeNamespaceRules: Rule[] = [
  rule("", ["serviceaccounts/token"], ["create"], ["calico-cni-plugin"]),
  rule("", ["configmaps"], ["get"], ["kubeadm-config", "full-cluster-state"]),
];

/** The CNI plugin, which runs on the node whenever a pod comes or goes. */
export const pluginRules: Rule[] = [
  rule("", ["pods", "nodes", "namespaces"], ["get"]),
  rule("", ["pods/status"], ["patch"]),
  rule(calico, ["clusterinformations", "ippools", "ipreservations"], ["get", "list"]),
  rule(calico, ["ipamconfigs"], ["get", "create"]),
  rule(calico, allocations, ["get", "list", ...write]),
];

/** calico-kube-controllers with the node controller alone, which frees what lost nodes held. */
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
