/** Sends a request, observes the hops, and states in a verdict whether the path is proved. */
import { readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";

import { askOnce, describe, targetOf } from "./asks/ask.ts";
import { ping } from "./asks/ping.ts";
import { observeAddress } from "./hops/address.ts";
import { judgeAnswer } from "./hops/answer.ts";
import { observeClientNeighbour } from "./hops/clientNeighbour.ts";
import { observeClientRoute } from "./hops/clientRoute.ts";
import type { Context, Observer } from "./hops/context.ts";
import { observeName } from "./hops/name.ts";
import { observeRouterRoute } from "./hops/routerRoute.ts";
import type { Pin } from "../kube/pin.ts";
import { lookUp } from "../net/ip.ts";
import type { Finding, Observation } from "./model.ts";
import { proveFromPods } from "./provePods.ts";
import { reduce } from "./reduce.ts";
import { type Pace, repeat, wallClock } from "./repeat.ts";
import { checkRequest, type PacketRequest, type ProbeRequest } from "./request.ts";
import type { Outcome } from "./symptoms.ts";
import type { Verdict } from "./verdict.ts";

/** Options of {@link prove}. */
export interface ProveOptions {
  /** Path of a kubeconfig. Without it hop 9 is unknown and no pod can be asked. */
  readonly kubeconfig?: string | undefined;
  /** The kubeconfig's context, and the cluster that has to be there. @default the current context */
  readonly pin?: Pin;
  /** @default the wall clock, and attempts of at least 50 ms */
  readonly pace?: Pace;
}

/** Longest attempt. The kernel reports a failed ARP lookup after 3 s. */
const wholeAttempt = 3500;

/** Milliseconds that a proof waits for its ping, whose answer is only evidence. */
const pingGrace = 200;

const observers: readonly (readonly [hop: number, observe: Observer])[] = [
  [2, observeClientRoute],
  [4, observeClientNeighbour],
  [7, observeRouterRoute],
  [9, observeAddress],
];

/**
 * Repeats a request until it is proved or its deadline has passed, and observes the hops. The
 * packets leave from the network namespace of this process. Several proofs may run at once.
 *
 * @throws UserError with every fault of the request
 */
export async function prove(request: ProbeRequest, options: ProveOptions = {}): Promise<Verdict> {
  const checked = checkRequest(request);
  const { pace = wallClock } = options;
  return checked.ask === "cluster-dns"
    ? proveFromPods(checked, options, pace)
    : provePackets(checked, options, pace);
}

async function provePackets(
  checked: PacketRequest,
  options: ProveOptions,
  pace: Pace,
): Promise<Verdict> {
  const started = new Date();
  const begin = performance.now();
  const asking = repeat(checked.deadlineSeconds, wholeAttempt, pace, (milliseconds) =>
    attemptOnce(checked, milliseconds),
  );
  // Runs in parallel with the first attempt, and is used when that attempt proves the path.
  const firstLook = targetOf(checked).then(
    (target) => look(checked, target, options, asking),
    () => undefined,
  );
  const early = new AbortController();
  const firstPing = checked.ask === "route" ? ping(checked.address, early.signal) : undefined;
  const { attempts, target, outcome } = await asking;
  const isProved = outcome.symptom === "answer";
  void setTimeout(pingGrace, undefined, { ref: false }).then(() => {
    early.abort();
  });
  const [looked, pong] = await Promise.all([
    isProved && attempts === 1
      ? firstLook
      : target === undefined
        ? undefined
        : look(checked, target, options, asking),
    isProved || target === undefined || !worthAPing(checked, outcome) ? firstPing : ping(target),
  ]);
  const whole = completeOutcome(checked, outcome, pong, looked);
  const observations = [
    await observation(1, () => observeName(checked, target, whole)),
    ...(looked?.observations ?? []),
    await observation(18, () => Promise.resolve(judgeAnswer(checked, whole))),
  ];
  return {
    schemaVersion: 1,
    name: checked.name,
    asked: describe(checked),
    from: {
      hostname: hostname(),
      networkNamespace: await readlink("/proc/self/ns/net").catch(() => null),
      address: whole.source ?? looked?.source ?? null,
    },
    started: started.toISOString(),
    milliseconds: Math.round(performance.now() - begin),
    attempts,
    symptom: whole.symptom,
    lastAnswer: whole.text,
    ...reduce(whole, observations),
  };
}

/** Whether a ping may show who refuses, after nothing came back from the address. */
function worthAPing(request: PacketRequest, { symptom }: Outcome): boolean {
  return request.ask === "route" || ["silence", "unreachable", "rejected"].includes(symptom);
}

/** Adds the ping to the evidence. A route request without a route lookup counts as not asked. */
function completeOutcome(
  request: PacketRequest,
  outcome: Outcome,
  pong: string | undefined,
  looked: Look | undefined,
): Outcome {
  if (request.ask === "route" && looked?.unreadable !== undefined) {
    const text = `the route could not be looked up: ${looked.unreadable}`;
    return { symptom: "not asked", text, evidence: [`the connection alone: ${outcome.text}`] };
  }
  return pong === undefined ? outcome : { ...outcome, evidence: [...outcome.evidence, pong] };
}

interface Asked {
  readonly target: string | undefined;
  readonly outcome: Outcome;
}

async function attemptOnce(request: PacketRequest, timeoutMilliseconds: number): Promise<Asked> {
  let target: string;
  try {
    target = await targetOf(request);
  } catch (error) {
    const text = `no address for the name (${error instanceof Error ? error.message : ""})`;
    return { target: undefined, outcome: { symptom: "no name", text, evidence: [] } };
  }
  return { target, outcome: await askOnce(request, target, timeoutMilliseconds) };
}

interface Look {
  readonly observations: readonly Observation[];
  readonly source: string | undefined;
  /** Why the client's route could not be looked up. */
  readonly unreadable: string | undefined;
}

async function look(
  request: PacketRequest,
  target: string,
  { kubeconfig, pin = {} }: ProveOptions,
  asked: Promise<unknown>,
): Promise<Look> {
  const lookup = lookUp([], target);
  const context: Context = { request, target, lookup, kubeconfig, pin, asked };
  const observations = await Promise.all(
    observers.map(([hop, observe]) => observation(hop, () => observe(context))),
  );
  const found = await lookup;
  const source = found.kind === "read" ? found.value.way.prefsrc : undefined;
  const unreadable = found.kind === "unreadable" ? found.why : undefined;
  return { observations, source, unreadable };
}

async function observation(hop: number, observe: () => Promise<Finding>): Promise<Observation> {
  const begin = performance.now();
  const finding = await observe().catch((error: unknown): Finding => {
    const why = error instanceof Error ? error.message : String(error);
    return { state: "unknown", evidence: [why] };
  });
  return { hop, finding, milliseconds: Math.round(performance.now() - begin) };
}
