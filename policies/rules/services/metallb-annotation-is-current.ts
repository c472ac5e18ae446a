import type { ResourceValidationPolicy } from "@pulumi/policy";

import { isKind } from "../../facts/kubernetes.ts";
import { oldPrefix } from "../../facts/metallb.ts";
import { Property } from "../../sdk/property.ts";

/**
 * MetalLB still reads its old annotation prefix, and the exercises' manifests still have it. It is
 * deprecated since 0.14.9; on the day it is dropped, every Service that uses it loses its pool, its
 * fixed address and its sharing key at once. A hint, since nothing is broken today.
 */
export const metallbAnnotationIsCurrent: ResourceValidationPolicy = {
  name: "metallb-annotation-is-current",
  displayName: "MetalLB's annotations have their current prefix",
  description:
    "Services write MetalLB's annotations with the prefix metallb.io/, not metallb.universe.tf/.",
  enforcementLevel: "advisory",
  severity: "low",
  tags: ["metallb", "services"],
  url: "https://metallb.io/release-notes/",
  remediationSteps: "Rename the annotation: metallb.universe.tf/NAME becomes metallb.io/NAME.",
  validateResource: (args, report) => {
    if (!isKind(args.type, "", "Service")) return;
    for (const [key, annotation] of Property.of(args.props)
      .at("metadata", "annotations")
      .entries()) {
      if (!key.startsWith(oldPrefix)) continue;
      report(
        `${annotation.path} has the old prefix; set metallb.io/${key.slice(oldPrefix.length)} instead`,
      );
    }
  },
};
