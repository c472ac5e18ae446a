import type { StackValidationPolicy } from "@pulumi/policy";

import { admitsPort } from "../../facts/firewalls.ts";
import { gkeClusterType } from "../../facts/gke.ts";
import { rangeOf } from "../../facts/gkeRanges.ts";
import { soleGkeClusterIn, type PlacedCluster } from "../../facts/gkeStack.ts";
import { webhooksIn } from "../../facts/webhooks.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

/** Ports that GKE opens from the control plane to private nodes. */
const opened = [443, 10250];

/**
 * GKE opens two ports from the control plane to private nodes. A webhook on another port never
 * answers, so each request that it should judge waits for its timeout and fails. The port in
 * question is the pod's, not the Service's 443.
 */
export const privateGkeAdmitsItsWebhooks: StackValidationPolicy = {
  name: "private-gke-admits-its-webhooks",
  displayName: "The control plane reaches every webhook",
  description:
    "In a GKE cluster with private nodes, a firewall rule admits the control plane to the pod port of every webhook that may fail requests.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "cluster", "webhooks", "firewall"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/private-clusters#add_firewall_rules",
  remediationSteps:
    "Add a gcp.compute.Firewall that allows the port over tcp with the control plane's network in sourceRanges. The rule ignores a webhook with a url, one whose Service is outside the stack, and one with failurePolicy Ignore.",
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    const cluster = soleGkeClusterIn(args.resources);
    if (cluster === undefined || !hasPrivateNodes(cluster)) return;
    const { controlPlaneNetwork } = cluster;
    const from = rangeOf(controlPlaneNetwork);
    for (const { resource, property, port } of webhooksIn(args.resources)) {
      if (opened.includes(port)) continue;
      if (args.resources.some((each) => admitsPort(each, port, from))) continue;
      const source = from?.text ?? "the control plane's network";
      report(
        `${property.path} leads to port ${port}, which no firewall rule opens from the control plane. Fix: add a gcp.compute.Firewall with sourceRanges ["${source}"] and allows [{ protocol: "tcp", ports: ["${port}"] }]`,
        resource.urn,
      );
    }
  }),
};

const hasPrivateNodes = ({ privateNodes, nodeSets }: PlacedCluster): boolean =>
  privateNodes.isTrue || nodeSets.some((set) => set.privateNodes.isTrue);
