import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import type { CustomResourceDefinitionManifest } from "../../config/settings.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { dataHash, dataHashAnnotation } from "../../kubernetes/configHash.ts";
import {
  createDefinitions,
  faultsInDefinitions,
  withoutConversion,
} from "../../kubernetes/crds.ts";
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
} from "./rules.ts";
import { grantInCluster, grantInNamespace } from "../../kubernetes/rbac.ts";

/** All of upstream's definitions: a speaker waits for each, also where only layer 2 is used. */
const neededDefinitions = [
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

/** Arguments for {@link MetalLb}. */
export interface MetalLbArgs {
  /** Images of one MetalLB release, 0.16. */
  readonly images: {
    readonly metallbController: pulumi.Input<string>;
    readonly metallbSpeaker: pulumi.Input<string>;
  };
  /** CustomResourceDefinitions of the same release; a conversion webhook in them is left out. */
  readonly definitions: readonly CustomResourceDefinitionManifest[];
  /**
   * Announce from nodes labelled `node.kubernetes.io/exclude-from-external-load-balancers` too.
   * kubeadm labels control planes so: on a cluster of one node nobody would announce otherwise.
   * @default false
   */
  readonly ignoreExcludedNodes?: boolean;
}

/**
 * MetalLB in layer 2 mode: a controller that gives addresses to `LoadBalancer` Services and a
 * speaker on each node, one of which answers for an address. Without webhooks: what they would
 * refuse is refused by {@link LoadBalancerPool} before anything is applied.
 */
export class MetalLb extends pulumi.ComponentResource {
  /** Namespace that pools belong in; resolves once the controller and all speakers are ready. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: MetalLbArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:MetalLb", name, args, opts);
    rejectFaults(this, faultsInDefinitions("definitions", args.definitions, neededDefinitions));

    const { images, ignoreExcludedNodes = false } = args;
    const parent = { parent: this };
    const definitions = createDefinitions(name, args.definitions.map(withoutConversion), parent);
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

    const data = {
      "excludel2.yaml": stringify({ announcedInterfacesToExclude: excludedInterfaces }),
    };
    const exclusions = new k8s.core.v1.ConfigMap(
      `${name}-excluded-interfaces`,
      { metadata: { name: excludedInterfacesConfig, namespace }, data },
      parent,
    );

    const grants = [
      { owner: "controller", local: controllerNamespaceRules, rules: controllerRules },
      { owner: "speaker", local: speakerNamespaceRules, rules: speakerRules },
    ].flatMap(({ owner, local, rules }) => {
      const account = { name: owner, namespace };
      return [
        new k8s.core.v1.ServiceAccount(`${name}-${owner}-account`, { metadata: account }, parent),
        grantInCluster(`${name}-${owner}`, `metallb-system:${owner}`, account, rules, parent),
        grantInNamespace(`${name}-${owner}`, owner, namespace, [account], local, parent),
      ];
    });

    const dependsOn = [...definitions, ...grants];
    const controller = new k8s.apps.v1.Deployment(
      `${name}-controller`,
      {
        metadata: { name: "controller", namespace, labels: labelsOf("controller") },
        spec: {
          revisionHistoryLimit: 3,
          selector: { matchLabels: labelsOf("controller") },
          template: controllerPod(images.metallbController),
        },
      },
      { ...parent, dependsOn },
    );
    const template = speakerPod(images.metallbSpeaker, ignoreExcludedNodes);
    const speakers = new k8s.apps.v1.DaemonSet(
      `${name}-speaker`,
      {
        metadata: { name: "speaker", namespace, labels: labelsOf("speaker") },
        spec: {
          selector: { matchLabels: labelsOf("speaker") },
          template: {
            ...template,
            metadata: {
              labels: labelsOf("speaker"),
              annotations: { [dataHashAnnotation]: dataHash(data) },
            },
          },
        },
      },
      // The speakers' secret is made by the controller: no speaker starts before it.
      { ...parent, dependsOn: [...dependsOn, exclusions, controller] },
    );

    this.namespace = pulumi.all([namespace, speakers.id]).apply(([ready]) => ready);
    this.registerOutputs({ namespace: this.namespace });
  }
}
