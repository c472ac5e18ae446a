/** The rules of the pack, ordered from workloads to Services to addresses. */
import type { Policies } from "@pulumi/policy";

import { calicoPolicyNamesItsTypes } from "./calico/calico-policy-names-its-types.ts";
import { containerRequestsResources } from "./workloads/container-requests-resources.ts";
import { imageIsPinned } from "./images/image-is-pinned.ts";
import { ingressNamesItsClass } from "./ingress/ingress-names-its-class.ts";
import { kubeconfigIsSecret } from "./secrets/kubeconfig-is-secret.ts";
import { metallbAnnotationIsCurrent } from "./services/metallb-annotation-is-current.ts";
import { nodePortIsInRange } from "./services/node-port-is-in-range.ts";
import { poolIsAdvertised } from "./addresses/pool-is-advertised.ts";
import { publishedAddressIsProved } from "./addresses/published-address-is-proved.ts";
import { poolIsRouted } from "./addresses/pool-is-routed.ts";
import { probeIsNoProcessGrep } from "./workloads/probe-is-no-process-grep.ts";
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
  kubeconfigIsSecret,
];
