import type { StackValidationPolicy } from "@pulumi/policy";

import { isCalicoObject } from "../../facts/calico.ts";
import { gkeClusterType } from "../../facts/gke.ts";
import { gkeClustersIn, soleGkeClusterIn, type PlacedCluster } from "../../facts/gkeStack.ts";
import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";
import { whereStackHas } from "../../sdk/applicable.ts";

const defaults = { logReaders: "(?:iptables|drop)-tailer" };

/**
 * Dataplane V2 enforces NetworkPolicy with eBPF. It has no Calico, so objects of Calico's kinds are
 * rejected or have no effect, and it writes no packet to the kernel's log, so a reader of that log
 * sees nothing. The add-on with Calico and Dataplane V2 exclude each other.
 */
export const gkeDatapathCarriesThePolicy: StackValidationPolicy = {
  name: "gke-datapath-carries-the-policy",
  displayName: "Calico is not combined with Dataplane V2",
  description:
    "A GKE cluster on Dataplane V2, which Autopilot always has, uses no Calico add-on, no Calico objects and no reader of the kernel's packet log.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["gke", "calico", "network-policy"],
  url: "https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2",
  remediationSteps:
    "For Calico, set datapathProvider to LEGACY_DATAPATH, networkPolicy.enabled to true and addonsConfig.networkPolicyConfig.disabled to false. For Dataplane V2, remove both, use NetworkPolicy, and log with the NetworkLogging object.",
  configSchema: {
    properties: {
      logReaders: {
        type: "string",
        description: "Regular expression for images that read packets from the kernel's log.",
        default: defaults.logReaders,
      },
    },
  },
  validateStack: whereStackHas(gkeClusterType, (args, report) => {
    for (const cluster of gkeClustersIn(args.resources).filter(isOnDataplaneV2)) {
      const { datapath, networkPolicy, networkPolicyAddOnDisabled: disabled, resource } = cluster;
      const fix = `Fix: remove it, or set ${datapath.path} to LEGACY_DATAPATH`;
      const why = "which Dataplane V2 does not have";
      for (const setting of [networkPolicy.isTrue && networkPolicy, disabled.isFalse && disabled]) {
        if (setting !== false) report(`${setting.statement}, ${why}. ${fix}`, resource.urn);
      }
    }

    const cluster = soleGkeClusterIn(args.resources);
    if (cluster === undefined || !isOnDataplaneV2(cluster)) return;
    const { logReaders } = { ...defaults, ...args.getConfig<Partial<typeof defaults>>() };
    const fix = `Fix: set ${cluster.datapath.path} of the cluster to LEGACY_DATAPATH`;
    for (const object of args.resources) {
      if (isCalicoObject(object)) {
        report(
          `Dataplane V2 has no ${object.type.replace(/.*:/, "")} of Calico. ${fix}`,
          object.urn,
        );
      }
      const template = podTemplateOf(object.type, object.props);
      const reader = (template === undefined ? [] : containersOf(template))
        .map(({ property }) => property.at("image"))
        .find(({ text = "" }) => new RegExp(logReaders).test(text));
      if (reader === undefined) continue;
      report(
        `${reader.statement}, which reads packets from the kernel's log. Dataplane V2 writes none there. ${fix}`,
        object.urn,
      );
    }
  }),
};

const isOnDataplaneV2 = ({ datapath, autopilot }: PlacedCluster): boolean =>
  datapath.text === "ADVANCED_DATAPATH" || autopilot.isTrue;
