import { setTimeout as sleep } from "node:timers/promises";

import type { KubernetesApi } from "../../kube/api.ts";
import { type NodeFacts, readNodes, readReadiness } from "../../kube/nodes.ts";
import { CouldNotAsk, UserError } from "../../messages/errors.ts";

/** Limits of {@link waitForNodes}. */
export interface WaitLimits {
  readonly deadlineSeconds: number;
  readonly pauseSeconds: number;
}

/**
 * The nodes, once that many are Ready. An upgrade may add one for a while.
 *
 * @throws UserError after the deadline
 */
export async function waitForNodes(
  api: KubernetesApi,
  expected: number,
  { deadlineSeconds, pauseSeconds }: WaitLimits,
): Promise<NodeFacts[]> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  for (;;) {
    const ready = await countReady(api);
    if (ready >= expected) return readNodes(api);
    if (performance.now() >= deadline) {
      throw new UserError(
        `${ready} of ${expected} nodes are Ready after ${deadlineSeconds} s`,
        "run `kubectl describe nodes`, which shows what they wait for, then run this again",
      );
    }
    await sleep(pauseSeconds * 1000);
  }
}

/** None while the control plane is resized and does not answer. */
async function countReady(api: KubernetesApi): Promise<number> {
  try {
    const reasons = [...(await readReadiness(api)).values()];
    return reasons.filter((why) => why === undefined).length;
  } catch (error) {
    if (error instanceof CouldNotAsk) return 0;
    throw error;
  }
}
