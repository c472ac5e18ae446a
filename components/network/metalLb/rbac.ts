/**
 * Permissions of MetalLB 0.16 in layer 2 mode without webhooks. Upstream also grants access to the
 * webhook's configuration, the CRDs and PodSecurityPolicies, which this setup does not use.
 */
import { type Rule, read, rule } from "../../kubernetes/rbac.ts";

const metallb = "metallb.io";
const states = ["configurationstates", "configurationstates/status"];

/** The controller in its namespace: pools, and the secret that the speakers share. */
export const controllerNamespaceRules: Rule[] = [
  rule("", ["pods"], ["get"]),
  rule("", ["secrets"], ["list"], ["memberlist"]),
  rule("", ["secrets"], ["create"]),
  rule("apps", ["deployments"], ["get"], ["controller"]),
  rule(metallb, ["ipaddresspools", "communities"], read),
  rule(metallb, ["ipaddresspools/status"], ["update"]),
];

/** The controller in the whole cluster: Services and their addresses. */
export const controllerRules: Rule[] = [
  rule("", ["services", "namespaces"], read),
  rule("", ["services/status"], ["update"]),
  rule("", ["events"], ["create", "patch"]),
  rule(metallb, states, [...read, "create", "update", "patch", "delete"]),
];

/** A speaker in its namespace: what it announces, and the other speakers. */
export const speakerNamespaceRules: Rule[] = [
  rule("", ["pods"], ["get", "list"]),
  rule("", ["secrets", "configmaps"], read),
  rule(
    metallb,
    [
      "bfdprofiles",
      "bgpadvertisements",
      "bgppeers",
      "communities",
      "ipaddresspools",
      "l2advertisements",
    ],
    read,
  ),
  rule(
    metallb,
    ["servicebgpstatuses", "servicebgpstatuses/status"],
    [...read, "create", "update", "patch", "delete"],
  ),
];

/** A speaker in the whole cluster: Services, where their endpoints are, and who announces what. */
export const speakerRules: Rule[] = [
  rule("", ["services", "nodes", "namespaces"], read),
  rule("discovery.k8s.io", ["endpointslices"], read),
  rule("", ["events"], ["create", "patch"]),
  rule(
    metallb,
    ["servicel2statuses", "servicel2statuses/status", ...states],
    [...read, "create", "update", "patch", "delete"],
  ),
];
