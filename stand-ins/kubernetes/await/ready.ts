import { setTimeout as sleep } from "node:timers/promises";

import type { Operation } from "../../kit/provider.ts";
import { messageOf, type Properties } from "../../kit/values.ts";
import { isNotFound, type ApiClient } from "../client.ts";
import type { Location } from "../discovery.ts";
import { annotationOf, annotations, describe, groupKindOf } from "../objects.ts";
import { addressRules } from "./addresses.ts";
import { waiting, type Readiness, type Rule, type View } from "./condition.ts";
import { otherRules } from "./others.ts";
import { waitForRule } from "./waitFor.ts";
import { workloadRules } from "./workloads.ts";

const readinessRules = { ...workloadRules, ...addressRules, ...otherRules };

const defaultSeconds = 600;
/** The delay grows from the first to the last. */
const firstDelayMilliseconds = 100;
const lastDelayMilliseconds = 1_000;

/** Result of a wait. */
export interface Outcome {
  /** The newest observed version. */
  readonly live: Properties;
  /** Why it is not ready. Undefined when it is ready. */
  readonly reasons: readonly string[] | undefined;
}

/** Timeout from the resource's options or from its annotation. @default 600 */
export function timeoutSecondsFor(operation: Operation, object: Properties): number {
  const annotated = Number(annotationOf(object, annotations.timeoutSeconds));
  return operation.timeoutSeconds || annotated || defaultSeconds;
}

/** Whether the program sets `skipAwait` on the object. */
export function isNotAwaited(inputs: Properties): boolean {
  return annotationOf(inputs, annotations.skipAwait) === "true";
}

function ruleFor(inputs: Properties, view: View): Rule | undefined {
  if (isNotAwaited(inputs)) return undefined;
  const own = annotationOf(inputs, annotations.waitFor);
  return own === undefined ? readinessRules[groupKindOf(inputs)]?.(view) : waitForRule(own);
}

/** Whether an object is ready now. A kind without a rule is always ready. */
export async function readinessNow(
  api: ApiClient,
  inputs: Properties,
  live: Properties,
): Promise<Readiness> {
  const rule = ruleFor(inputs, { api, now: Date.now });
  return rule ? rule(live) : { state: "ready" };
}

/** Waits until an object is ready, fails, or the wait is cancelled. */
export async function awaitReady(
  api: ApiClient,
  location: Location,
  operation: Operation,
  inputs: Properties,
  first: Properties,
): Promise<Outcome> {
  const rule = ruleFor(inputs, { api, now: Date.now });
  if (!rule) return { live: first, reasons: undefined };
  const { cancelled } = operation;
  const seconds = timeoutSecondsFor(operation, inputs);
  const end = Date.now() + seconds * 1000;
  let live = first;
  let said = "";
  for (let delay = firstDelayMilliseconds; ; delay = Math.min(delay * 1.5, lastDelayMilliseconds)) {
    const readiness = await unlessCancelled(judge(rule, live), cancelled);
    if (readiness?.state === "ready") {
      operation.status("");
      return { live, reasons: undefined };
    }
    if (readiness?.state === "failed") {
      return { live, reasons: [`${describe(live)} will not become ready`, ...readiness.reasons] };
    }
    const why = readiness?.why ?? said;
    if (cancelled.aborted) {
      return { live, reasons: [`cancelled while ${describe(live)} was not ready: ${why}`] };
    }
    if (Date.now() > end) {
      return { live, reasons: [`${describe(live)} was not ready within ${seconds} s: ${why}`] };
    }
    if (why !== said) {
      operation.status(`waiting: ${why}`);
      said = why;
    }
    await sleep(delay, undefined, { signal: cancelled }).catch(() => undefined);
    const newest = await unlessCancelled(look(api, location), cancelled);
    if (newest === "gone") {
      return { live, reasons: [`${describe(live)} was deleted while waiting for it`] };
    }
    live = newest ?? live;
  }
}

/** A server that does not answer is a reason to wait. */
async function judge(rule: Rule, live: Properties): Promise<Readiness> {
  try {
    return await rule(live);
  } catch (error) {
    return waiting(messageOf(error));
  }
}

async function look(api: ApiClient, { path }: Location): Promise<Properties | "gone" | undefined> {
  try {
    return await api.request({ method: "GET", path });
  } catch (error) {
    return isNotFound(error) ? "gone" : undefined;
  }
}

/** Undefined after a cancellation, because the engine saves the state only after the plugin's answer. */
async function unlessCancelled<T>(
  work: Promise<T>,
  cancelled: AbortSignal,
): Promise<T | undefined> {
  if (cancelled.aborted) return undefined;
  let stop = (): void => undefined;
  const cancelling = new Promise<undefined>((resolve) => {
    stop = () => {
      resolve(undefined);
    };
    cancelled.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, cancelling]);
  } finally {
    cancelled.removeEventListener("abort", stop);
  }
}
