import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { configHash } from "../../kubernetes/configHash.ts";
import {
  type CrdManifest,
  createCrds,
  faultsInCrds,
  withoutConversion,
} from "../../kubernetes/crds.ts";
import { createAccount } from "../../kubernetes/rbac.ts";
import { rejectFaults } from "../../shared/faults.ts";
import {
  controllerPod,
  excludedInterfaces,
  excludedInterfacesConfig,
  labelsOf,
  speakerPod,
} from "./pods.ts";
import {
  controllerNamespaceRules,
  controllerRules,
  speakerNamespaceRules,
  speakerRules,
} from "./rbac.ts";

/** All of upstream's CRDs. A speaker waits for each of them, even when only layer 2 is used. */
const neededCrds = [
  "bfdprofiles",
  "bgpadvertisements",
  "bgppeers",
  "communities",
  "configurationstates",
  "ipaddresspools",
  "l2advertisements",
  "servicebgpstatuses",
  "servicel2statuses",
].map((plural) => `${plural}.metallb.io`);

/** Service accounts, each named like its program. */
const accounts = [
  {
    owner: "controller",
    clusterRules: controllerRules,
    namespaceRules: controllerNamespaceRules,
  },
  { owner: "speaker", clusterRules: speakerRules, namespaceRules: speakerNamespaceRules },
];

/** Arguments for {@link MetalLb}. */
export interface MetalLbArgs {
  /** Images of one MetalLB release, 0.16. */
  readonly images: {
    readonly controller: pulumi.Input<string>;
    readonly speaker: pulumi.Input<string>;
  };
  /** CRDs of the same release. A conversion webhook in them is left out. */
  readonly crds: readonly CrdManifest[];
  /**
   * Announce also from nodes labelled `node.kubernetes.io/exclude-from-external-load-balancers`.
   * kubeadm sets the label on control planes, so a cluster whose control plane runs pods needs it.
   * @default false
   */
  readonly ignoreExcludedNodes?: pulumi.Input<boolean>;
}

/**
 * MetalLB in layer 2 mode: a controller that assigns addresses to `LoadBalancer` Services, and a
 * speaker on each node. One speaker answers ARP for an address. There are no admission webhooks.
 *
 * @example
 * const { namespace } = new MetalLb("metallb", { images, crds }, cluster.options);
 */
export class MetalLb extends pulumi.ComponentResource {
  /** Namespace that pools belong in. Resolves once the controller and all speakers are ready. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: MetalLbArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:MetalLb", name, {}, opts);
    rejectFaults(this, faultsInCrds("crds", args.crds, neededCrds));

    const { images, ignoreExcludedNodes = false } = args;
    const parent = { parent: this };
    const crds = createCrds(name, args.crds.map(withoutConversion), parent);
    const { metadata } = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: "metallb-system",
          // Speakers use the node's network, which the stricter profiles forbid.
          labels: {
            "pod-security.kubernetes.io/enforce": "privileged",
            "pod-security.kubernetes.io/audit": "privileged",
            "pod-security.kubernetes.io/warn": "privileged",
          },
        },
      },
      parent,
    );
    const namespace = metadata.name;
    const rbac = accounts.flatMap(({ owner, ...rules }) =>
      createAccount(
        `${name}-${owner}`,
        { name: owner, namespace, clusterRoleName: `metallb-system:${owner}`, ...rules },
        parent,
      ),
    );
    const data = {
      "excludel2.yaml": stringify({ announcedInterfacesToExclude: excludedInterfaces }),
    };
    const exclusions = new k8s.core.v1.ConfigMap(
      `${name}-excluded-interfaces`,
      { metadata: { name: excludedInterfacesConfig, namespace }, data },
      parent,
    );

    const controller = new k8s.apps.v1.Deployment(
      `${name}-controller`,
      {
        metadata: { name: "controller", namespace, labels: labelsOf("controller") },
        spec: {
          revisionHistoryLimit: 3,
          selector: { matchLabels: labelsOf("controller") },
          template: controllerPod(images.controller),
        },
      },
      { ...parent, dependsOn: [...crds, ...rbac] },
    );
    const speakers = new k8s.apps.v1.DaemonSet(
      `${name}-speaker`,
      {
        metadata: { name: "speaker", namespace, labels: labelsOf("speaker") },
        spec: {
          selector: { matchLabels: labelsOf("speaker") },
          template: speakerPod(images.speaker, ignoreExcludedNodes, configHash(data)),
        },
      },
      // The controller creates the secret that a speaker mounts.
      { ...parent, dependsOn: [exclusions, controller] },
    );

    this.namespace = pulumi.all([namespace, speakers.id]).apply(([ready]) => ready);
    this.registerOutputs({ namespace: this.namespace });
  }
}
