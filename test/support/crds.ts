/** CRDs of Calico and MetalLB with only what the configuration and the components read. */
import type { CrdManifest } from "../../components/kubernetes/crds.ts";

/** Plural names by file and API group. */
const groups = {
  calico: {
    group: "crd.projectcalico.org",
    plurals: [
      "blockaffinities",
      "clusterinformations",
      "felixconfigurations",
      "ipamblocks",
      "ipamconfigs",
      "ipamhandles",
      "ippools",
      "kubecontrollersconfigurations",
      "tiers",
    ],
  },
  metallb: {
    group: "metallb.io",
    plurals: [
      "bgppeers",
      "bfdprofiles",
      "bgpadvertisements",
      "communities",
      "configurationstates",
      "ipaddresspools",
      "l2advertisements",
      "servicebgpstatuses",
      "servicel2statuses",
    ],
  },
};

/** One CRD. */
export function crd(name: string, spec: Readonly<Record<string, unknown>> = {}): CrdManifest {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec,
  };
}

/** The CRDs in the file of that name. bgppeers has a conversion webhook, as upstream publishes it. */
export function crdsOf(file: keyof typeof groups): CrdManifest[] {
  const { group, plurals } = groups[file];
  return plurals.map((plural) =>
    crd(`${plural}.${group}`, {
      group,
      names: { kind: plural, plural },
      scope: "Namespaced",
      versions: [],
      ...(plural === "bgppeers" && { conversion: { strategy: "Webhook", webhook: {} } }),
    }),
  );
}
