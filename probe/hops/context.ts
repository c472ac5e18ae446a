import type { CheckedRequest } from "../request.ts";
import type { Finding } from "../model.ts";
import type { Lookup, Read } from "../../net/ip.ts";

/** What an observer of the way there gets to know. */
export interface Context {
  readonly request: CheckedRequest;
  /** The address that the packets go to. */
  readonly target: string;
  /** The client's own route lookup, shared by those who need it. */
  readonly lookup: Promise<Read<Lookup>>;
  readonly kubeconfig: string | undefined;
  /** Settles when the packets have been sent, for what only they bring about. */
  readonly asked: Promise<unknown>;
}

/** Looks at one hop. It may throw: what it throws makes the hop unknown. */
export type Observer = (context: Context) => Promise<Finding>;

/** A finding that nothing can be said, with the reason. */
export function unknown(...evidence: string[]): Finding {
  return { state: "unknown", evidence };
}

/** A finding that the request does not pass this hop, with the reason. */
export function skipped(...evidence: string[]): Finding {
  return { state: "skipped", evidence };
}
