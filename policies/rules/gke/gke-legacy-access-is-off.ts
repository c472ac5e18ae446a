import type { ResourceValidationPolicy } from "@pulumi/policy";

import { gkeClusterIn } from "../../facts/gke.ts";

/**
 * A client certificate is valid for years and cannot be revoked. A password is the same for
 * everybody. Attribute-based access gives every service account of the cluster what RBAC withholds.
 */
export const gkeLegacyAccessIsOff: ResourceValidationPolicy = {
  name: "gke-legacy-access-is-off",
  displayName: "Only IAM and RBAC give access",
  description:
    "A GKE cluster issues no client certificate, has no password and no attribute-based access control.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["gke", "cluster", "access"],
  url: "https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster",
  remediationSteps:
    "Remove masterAuth and enableLegacyAbac. Log in with gke-gcloud-auth-plugin and give rights with IAM or RBAC.",
  validateResource: (args, report) => {
    const cluster = gkeClusterIn(args);
    if (cluster === undefined) return;
    const { legacyAbac, masterAuth } = cluster;
    const certificate = masterAuth.at("clientCertificateConfig", "issueClientCertificate");
    for (const setting of [legacyAbac, certificate]) {
      if (setting.isTrue) report(`${setting.statement}. Fix: set false, or remove it`);
    }
    // An empty name switches the password off.
    for (const setting of [masterAuth.at("username"), masterAuth.at("password")]) {
      if ((setting.text ?? "") !== "") report(`${setting.path} is set. Fix: remove it`);
    }
  },
};
