import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import { CouldNotAsk, UserError } from "../../messages/errors.ts";

const path = "/apis/apps/v1/namespaces/kube-system/daemonsets/calico-node";

const daemonSetSchema = z.looseObject({
  metadata: z.looseObject({ generation: z.number() }),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(z.looseObject({ name: z.string(), image: z.string() })),
      }),
    }),
  }),
  status: z.looseObject({
    observedGeneration: z.number().default(0),
    desiredNumberScheduled: z.number().default(0),
    numberReady: z.number().default(0),
  }),
});

/** The resource of Calico's network policies. */
const policyApi = "/apis/crd.projectcalico.org/v1";

/** Calico as it runs. */
export interface CalicoState {
  /** Image of calico-node. */
  readonly image: string;
  /** Nodes that it is ready on: all that it is meant for. */
  readonly nodes: number;
}

/** Limits of {@link waitForCalico}. */
export interface WaitLimits {
  readonly deadlineSeconds: number;
  readonly pauseSeconds: number;
}

/**
 * Resolves once calico-node is ready on every node and its CRDs are served.
 *
 * @throws UserError after the deadline, with what is missing
 */
export async function waitForCalico(
  api: KubernetesApi,
  { deadlineSeconds, pauseSeconds }: WaitLimits,
): Promise<CalicoState> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  for (;;) {
    const seen = await look(api);
    if (typeof seen !== "string") return seen;
    if (performance.now() >= deadline) {
      throw new UserError(
        `Calico's add-on is not ready after ${deadlineSeconds} s: ${seen}`,
        "run `kubectl -n kube-system describe daemonset calico-node`, which says what it waits for, then run this again",
      );
    }
    await sleep(pauseSeconds * 1000);
  }
}

/** The state, or what is missing. */
async function look(api: KubernetesApi): Promise<CalicoState | string> {
  try {
    const daemonSet = await api.get(path, daemonSetSchema);
    if (daemonSet === undefined) return "there is no DaemonSet kube-system/calico-node";
    const { metadata, spec, status } = daemonSet;
    const { desiredNumberScheduled: nodes, numberReady } = status;
    if (status.observedGeneration < metadata.generation) return "its DaemonSet has just changed";
    if (nodes === 0) return "it is meant for no node yet";
    if (numberReady < nodes) return `calico-node is ready on ${numberReady} of ${nodes} nodes`;
    if ((await api.get(policyApi, z.unknown())) === undefined) {
      return "the API server serves no crd.projectcalico.org/v1";
    }
    const container = spec.template.spec.containers.find(({ name }) => name === "calico-node");
    return { image: container?.image ?? "", nodes };
  } catch (error) {
    // A new control plane is sometimes resized, and answers again after a minute.
    if (error instanceof CouldNotAsk) return error.message;
    throw error;
  }
}
