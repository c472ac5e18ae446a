import type { Properties } from "../../kit/values.ts";
import type { ApiClient } from "../client.ts";

/** Whether an object can be used. */
export type Readiness =
  | { readonly state: "ready" }
  /** Not yet; `why` is shown while we wait. */
  | { readonly state: "waiting"; readonly why: string }
  /** It will not become ready by itself. */
  | { readonly state: "failed"; readonly reasons: readonly string[] };

/** What a rule may look at besides the object. */
export interface View {
  readonly api: ApiClient;
  /** Milliseconds, for judging how long something has lasted. */
  readonly now: () => number;
}

/** Judges the newest version of an object; it may remember what it saw before. */
export type Rule = (live: Properties) => Readiness | Promise<Readiness>;

/** Makes the rule for one wait. */
export type RuleMaker = (view: View) => Rule;

/** The object can be used. */
export const ready: Readiness = { state: "ready" };

/** The object cannot be used yet. */
export function waiting(why: string): Readiness {
  return { state: "waiting", why };
}

/** The object will not become ready by itself. */
export function failed(...reasons: string[]): Readiness {
  return { state: "failed", reasons };
}
