import { setTimeout as sleep } from "node:timers/promises";

import type { Operation } from "../../kit/provider.ts";
import { asList, asText, at, type Properties } from "../../kit/values.ts";
import { isNotFound, type ApiClient } from "../client.ts";
import type { Location } from "../discovery.ts";
import { describe, groupKindOf } from "../objects.ts";
import { isNotAwaited, patienceFor } from "./ready.ts";

/** Kinds whose deletion need not be waited for when the program says so. */
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
 * Waits until an object that is being deleted has gone.
 *
 * @returns what is still there when the person, or the time allowed, has had enough; undefined when it has gone.
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
  const seconds = patienceFor(operation, inputs);
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
      return { live, reasons: [`${describe(live)} is still there after ${seconds} s${held}`] };
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
