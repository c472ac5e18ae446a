import type { ResourceValidationPolicy } from "@pulumi/policy";

import { autopilotAccountIn, nodeSetsIn } from "../../facts/gke.ts";

/**
 * Nodes without a named account run as the project's default account, which usually may edit the
 * whole project. Every pod that reaches the node's credentials then controls more than its cluster.
 * The scope cloud-platform is fine with a named account, whose roles limit it.
 */
export const gkeNodesHaveTheirOwnAccount: ResourceValidationPolicy = {
  name: "gke-nodes-have-their-own-account",
  displayName: "Nodes have a separate service account",
  description:
    "Every GKE node pool names a service account that is not the project's default account, also the default pool, Autopilot's nodes and the pools that GKE adds.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "nodes", "access"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
  remediationSteps:
    "Create a gcp.serviceaccount.Account, grant it roles/container.defaultNodeServiceAccount, and set nodeConfig.serviceAccount to its email.",
  validateResource: (args, report) => {
    const accounts = nodeSetsIn(args).map(({ account }) => account);
    for (const account of [...accounts, ...[autopilotAccountIn(args) ?? []].flat()]) {
      if (account.isUnknown || isNamed(account.text)) continue;
      report(
        `${account.statement}, so the nodes run as the project's default account. Fix: set the email of an account that has only roles/container.defaultNodeServiceAccount`,
      );
    }
  },
};

function isNamed(account: string | undefined): boolean {
  return account !== undefined && !/^(default)?$|-compute@developer\./.test(account);
}
