/** The rules of the pack, ordered from workloads to Services, addresses and clusters. */
import type { Policies } from "@pulumi/policy";

import { calicoPolicyNamesItsTypes } from "./calico/calico-policy-names-its-types.ts";
import { calicoPoolHasEffect } from "./gke/calico-pool-has-effect.ts";
import { clusterNetworksDoNotOverlap } from "./cluster/cluster-networks-do-not-overlap.ts";
import { containerRequestsResources } from "./workloads/container-requests-resources.ts";
import { gkeClusterIsProtected } from "./gke/gke-cluster-is-protected.ts";
import { gkeControlPlaneIsNotPublic } from "./gke/gke-control-plane-is-not-public.ts";
import { gkeDatapathCarriesThePolicy } from "./gke/gke-datapath-carries-the-policy.ts";
import { gkeDefaultPoolIsRemoved } from "./gke/gke-default-pool-is-removed.ts";
import { gkeFollowsAChannel } from "./gke/gke-follows-a-channel.ts";
import { gkeHasASecondNode } from "./gke/gke-has-a-second-node.ts";
import { gkeHasWorkloadIdentity } from "./gke/gke-has-workload-identity.ts";
import { gkeIsVpcNative } from "./gke/gke-is-vpc-native.ts";
import { gkeLegacyAccessIsOff } from "./gke/gke-legacy-access-is-off.ts";
import { gkeNodesArePrivate } from "./gke/gke-nodes-are-private.ts";
import { gkeNodesAreShielded } from "./gke/gke-nodes-are-shielded.ts";
import { gkeNodesHaveTheirOwnAccount } from "./gke/gke-nodes-have-their-own-account.ts";
import { gkeRangesFitTheirNodes } from "./gke/gke-ranges-fit-their-nodes.ts";
import { gkeServiceNamesItsAddress } from "./gke/gke-service-names-its-address.ts";
import { imageIsPinned } from "./images/image-is-pinned.ts";
import { ingressNamesItsClass } from "./ingress/ingress-names-its-class.ts";
import { kubeconfigIsSecret } from "./secrets/kubeconfig-is-secret.ts";
import { metallbAnnotationIsCurrent } from "./services/metallb-annotation-is-current.ts";
import { metallbIsNotOnACloud } from "./gke/metallb-is-not-on-a-cloud.ts";
import { networkPolicyHasAnEnforcer } from "./cluster/network-policy-has-an-enforcer.ts";
import { nodePortIsInRange } from "./services/node-port-is-in-range.ts";
import { poolIsAdvertised } from "./addresses/pool-is-advertised.ts";
import { poolIsRouted } from "./addresses/pool-is-routed.ts";
import { privateGkeAdmitsItsWebhooks } from "./gke/private-gke-admits-its-webhooks.ts";
import { privateGkeReachesRegistries } from "./gke/private-gke-reaches-registries.ts";
import { probeIsNoProcessGrep } from "./workloads/probe-is-no-process-grep.ts";
import { publishedAddressIsProved } from "./addresses/published-address-is-proved.ts";
import { readinessProbeUsesAnExposedPort } from "./workloads/readiness-probe-uses-an-exposed-port.ts";
import { rollingUpdateCanMove } from "./workloads/rolling-update-can-move.ts";
import { serviceNamesItsPool } from "./services/service-names-its-pool.ts";
import { serviceSelectsAWorkload } from "./services/service-selects-a-workload.ts";

/** Every rule. */
export const rules: Policies = [
  imageIsPinned,
  containerRequestsResources,
  readinessProbeUsesAnExposedPort,
  probeIsNoProcessGrep,
  rollingUpdateCanMove,
  serviceSelectsAWorkload,
  serviceNamesItsPool,
  metallbAnnotationIsCurrent,
  nodePortIsInRange,
  poolIsRouted,
  poolIsAdvertised,
  publishedAddressIsProved,
  ingressNamesItsClass,
  calicoPolicyNamesItsTypes,
  networkPolicyHasAnEnforcer,
  clusterNetworksDoNotOverlap,
  gkeControlPlaneIsNotPublic,
  gkeLegacyAccessIsOff,
  gkeClusterIsProtected,
  gkeFollowsAChannel,
  gkeIsVpcNative,
  gkeHasWorkloadIdentity,
  gkeNodesArePrivate,
  gkeNodesHaveTheirOwnAccount,
  gkeNodesAreShielded,
  gkeHasASecondNode,
  gkeRangesFitTheirNodes,
  gkeDefaultPoolIsRemoved,
  gkeDatapathCarriesThePolicy,
  calicoPoolHasEffect,
  metallbIsNotOnACloud,
  gkeServiceNamesItsAddress,
  privateGkeAdmitsItsWebhooks,
  privateGkeReachesRegistries,
  kubeconfigIsSecret,
];
