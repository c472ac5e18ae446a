/** The rules of the pack, in the order of the path: what runs, what is served, what is reached. */
import type { Policies } from "@pulumi/policy";

import { calicoPolicyNamesItsTypes } from "./rules/calico-policy-names-its-types.ts";
import { containerRequestsResources } from "./rules/container-requests-resources.ts";
import { imageIsPinned } from "./rules/image-is-pinned.ts";
import { ingressNamesItsClass } from "./rules/ingress-names-its-class.ts";
import { kubeconfigIsSecret } from "./rules/kubeconfig-is-secret.ts";
import { metallbAnnotationIsCurrent } from "./rules/metallb-annotation-is-current.ts";
import { nodePortIsInRange } from "./rules/node-port-is-in-range.ts";
import { poolIsAdvertised } from "./rules/pool-is-advertised.ts";
import { poolIsRouted } from "./rules/pool-is-routed.ts";
import { probeIsNoProcessGrep } from "./rules/probe-is-no-process-grep.ts";
import { readinessProbeAsksAnExposedPort } from "./rules/readiness-probe-asks-an-exposed-port.ts";
import { rollingUpdateCanMove } from "./rules/rolling-update-can-move.ts";
import { serviceNamesItsPool } from "./rules/service-names-its-pool.ts";
import { serviceSelectsAWorkload } from "./rules/service-selects-a-workload.ts";

/** Every rule, once. */
export const rules: Policies = [
  imageIsPinned,
  containerRequestsResources,
  readinessProbeAsksAnExposedPort,
  probeIsNoProcessGrep,
  rollingUpdateCanMove,
  serviceSelectsAWorkload,
  serviceNamesItsPool,
  metallbAnnotationIsCurrent,
  nodePortIsInRange,
  poolIsRouted,
  poolIsAdvertised,
  ingressNamesItsClass,
  calicoPolicyNamesItsTypes,
  kubeconfigIsSecret,
];
