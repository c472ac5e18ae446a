import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { oldPrefix } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

/**
 * MetalLB deprecated its old annotation prefix in 0.14.9. The release that drops it takes the pool,
 * the fixed address and the sharing key from every Service that still uses it. The rule is advisory
 * because nothing is broken today.
 */
export const metallbAnnotationIsCurrent: ResourceValidationPolicy = {
  name: "metallb-annotation-is-current",
  displayName: "MetalLB annotations use the current prefix",
  description:
    "MetalLB annotations of Services start with metallb.io/, not with metallb.universe.tf/.",
  enforcementLevel: "advisory",
  severity: "low",
  tags: ["metallb", "services"],
  url: "https://metallb.io/release-notes/",
  remediationSteps: "Rename metallb.universe.tf/NAME to metallb.io/NAME.",
  validateResource: (args, report) => {
    if (!isKind(args.type, "", "Service")) return;
    for (const [key, annotation] of Property.of(args.props)
      .at("metadata", "annotations")
      .entries()) {
      if (!key.startsWith(oldPrefix)) continue;
      report(
        `${annotation.path} uses the deprecated prefix. Fix: rename it to metallb.io/${key.slice(oldPrefix.length)}`,
      );
    }
  },
};
