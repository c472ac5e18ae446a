/** Repeats a request until it is proved or its deadline has passed. */
import { setTimeout } from "node:timers/promises";

import type { Outcome } from "./symptoms.ts";

/** How time passes between attempts. A test brings its own, so that it does not depend on load. */
export interface Pace {
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** How long an attempt may take at least, however little of the deadline is left. */
  readonly shortestAttempt: number;
}

/** The wall clock, and attempts of at least 50 ms. */
export const wallClock: Pace = {
  now: () => performance.now(),
  wait: setTimeout,
  shortestAttempt: 50,
};

/** An attempt's outcome, and whatever else it found. */
export interface Attempt {
  readonly outcome: Outcome;
}

/** The last attempt that counts, and the number of all. */
export type Repeated<Kind extends Attempt> = Kind & { readonly attempts: number };

/**
 * Repeats with growing delays. An address answers a moment after it is assigned.
 *
 * @param longest milliseconds that one attempt may take
 * @param attempt sends the request once, within these milliseconds
 */
export async function repeat<Kind extends Attempt>(
  deadlineSeconds: number,
  longest: number,
  pace: Pace,
  attempt: (milliseconds: number) => Promise<Kind>,
): Promise<Repeated<Kind>> {
  const deadline = pace.now() + deadlineSeconds * 1000;
  let last: Repeated<Kind> | undefined;
  for (let delay = 100; ; delay = Math.min(2 * delay, 1000)) {
    const left = deadline - pace.now();
    const now = await attempt(Math.max(pace.shortestAttempt, Math.min(longest, left)));
    const kept = last !== undefined && isSilentAfter(last, now, left < longest) ? last : now;
    last = { ...kept, attempts: (last?.attempts ?? 0) + 1 };
    if (last.outcome.symptom === "answer" || pace.now() + delay >= deadline) return last;
    await pace.wait(delay);
  }
}

/** Whether an attempt was silent for a known reason, so that the previous outcome is kept. */
function isSilentAfter(before: Attempt, now: Attempt, wasShort: boolean): boolean {
  if (now.outcome.symptom !== "silence") return false;
  // Routers limit ICMP errors to one every second or two.
  if (["unreachable", "rejected"].includes(before.outcome.symptom)) return true;
  // The rest of the deadline is too short for the kernel to give up on ARP.
  return wasShort;
}
