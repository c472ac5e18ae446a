/** Permissions of ingress-nginx 1.11 to 1.15 without admission webhook and namespace selectors. */
import { type Rule, read, rule } from "../../kubernetes/rbac.ts";

const networking = "networking.k8s.io";

/** In the whole cluster: what it serves, and the address in each Ingress' status. */
export const clusterRules: Rule[] = [
  rule(networking, ["ingresses", "ingressclasses"], read),
  rule(networking, ["ingresses/status"], ["update"]),
  rule("", ["services"], read),
  rule("discovery.k8s.io", ["endpointslices"], read),
  // Certificates and settings that Ingresses refer to.
  rule("", ["secrets", "configmaps"], ["list", "watch"]),
  // Its zone, for topology-aware routing.
  rule("", ["nodes"], ["get"]),
  rule("", ["events"], ["create", "patch"]),
];

/** In its namespace: its settings, its pods, and the lease of the replica that writes addresses. */
export function namespaceRules(configName: string, leaseName: string): Rule[] {
  return [
    rule("", ["configmaps"], ["get"], [configName]),
    rule("", ["pods"], ["get", "list"]),
    rule("coordination.k8s.io", ["leases"], ["get", "update"], [leaseName]),
    rule("coordination.k8s.io", ["leases"], ["create"]),
  ];
}
