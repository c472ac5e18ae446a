import type { Properties } from "../../kit/values.ts";
import type { ApiClient } from "../client.ts";

/** Whether an object is ready. */
export type Readiness =
  | { readonly state: "ready" }
  /** Not yet. The user sees `why` during the wait. */
  | { readonly state: "waiting"; readonly why: string }
  /** It will not become ready without a change. */
  | { readonly state: "failed"; readonly reasons: readonly string[] };

/** What a rule reads in addition to the object. */
export interface View {
  readonly api: ApiClient;
  /** Current time in milliseconds. */
  readonly now: () => number;
}

/** Whether the newest version of an object is ready. A rule may keep state between calls. */
export type Rule = (live: Properties) => Readiness | Promise<Readiness>;

/** Creates the rule for one wait. */
export type RuleMaker = (view: View) => Rule;

/** The object is ready. */
export const ready: Readiness = { state: "ready" };

/** The object is not ready yet. */
export function waiting(why: string): Readiness {
  return { state: "waiting", why };
}

/** The object will not become ready without a change. */
export function failed(...reasons: string[]): Readiness {
  return { state: "failed", reasons };
}
