import type { Pin } from "../../kube/pin.ts";
import type { PacketRequest } from "../request.ts";
import type { Finding } from "../model.ts";
import type { Lookup, Read } from "../../net/ip.ts";

/** What an observer gets. */
export interface Context {
  readonly request: PacketRequest;
  /** The address that the packets go to. */
  readonly target: string;
  /** The client's route lookup, shared by the observers. */
  readonly lookup: Promise<Read<Lookup>>;
  readonly kubeconfig: string | undefined;
  /** The context in the kubeconfig, and the cluster that has to be there. */
  readonly pin: Pin;
  /** Settles when the packets have been sent. */
  readonly asked: Promise<unknown>;
}

/** Observes one hop. The hop is unknown when it throws. */
export type Observer = (context: Context) => Promise<Finding>;

/** A finding for a hop that cannot be judged, with the reason. */
export function unknown(...evidence: string[]): Finding {
  return { state: "unknown", evidence };
}

/** A finding for a hop that the request does not pass, with the reason. */
export function skipped(...evidence: string[]): Finding {
  return { state: "skipped", evidence };
}
