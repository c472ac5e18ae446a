import { setTimeout as sleep } from "node:timers/promises";

import type { Operation } from "../../kit/provider.ts";
import { asList, asText, at, type Properties } from "../../kit/values.ts";
import { isNotFound, type ApiClient } from "../client.ts";
import type { Location } from "../discovery.ts";
import { describe, groupKindOf } from "../objects.ts";
import { isNotAwaited, timeoutSecondsFor } from "./ready.ts";

/** Kinds whose deletion honours `skipAwait`. */
const kindsThatMaySkip = new Set([
  "/Namespace",
  "/Pod",
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/Job",
]);

const firstDelayMilliseconds = 50;
const lastDelayMilliseconds = 1_000;

/**
 * Waits until a deleted object is gone.
 *
 * @returns the remaining object after a cancellation or a timeout, otherwise undefined
 */
export async function awaitGone(
  api: ApiClient,
  { path }: Location,
  operation: Operation,
  inputs: Properties,
  object: Properties,
): Promise<{ live: Properties; reasons: readonly string[] } | undefined> {
  if (isNotAwaited(inputs) && kindsThatMaySkip.has(groupKindOf(object))) return undefined;
  const { cancelled } = operation;
  const seconds = timeoutSecondsFor(operation, inputs);
  const end = Date.now() + seconds * 1000;
  const uid = at(object, "metadata", "uid");
  for (let delay = firstDelayMilliseconds; ; delay = Math.min(delay * 1.5, lastDelayMilliseconds)) {
    const live = await present(api, path);
    if (!live || (uid !== undefined && at(live, "metadata", "uid") !== uid)) {
      operation.status("");
      return undefined;
    }
    const held = holdersOf(live);
    if (cancelled.aborted) {
      return { live, reasons: [`cancelled while ${describe(live)} was being deleted${held}`] };
    }
    if (Date.now() > end) {
      return { live, reasons: [`${describe(live)} still exists after ${seconds} s${held}`] };
    }
    if (delay >= lastDelayMilliseconds) operation.status(`waiting for its deletion${held}`);
    await sleep(delay, undefined, { signal: cancelled }).catch(() => undefined);
  }
}

async function present(api: ApiClient, path: string): Promise<Properties | undefined> {
  try {
    return await api.request({ method: "GET", path });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function holdersOf(live: Properties): string {
  const finalizers = asList(at(live, "metadata", "finalizers")).map((name) => asText(name) ?? "");
  return finalizers.length > 0 ? `, held by the finalizers ${finalizers.join(", ")}` : "";
}
