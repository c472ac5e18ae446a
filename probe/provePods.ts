/** Proves that every node's pods get an answer from the cluster's DNS. */
import { hostname } from "node:os";

import { type KubernetesApi, openApi } from "../kube/api.ts";
import type { Pin } from "../kube/pin.ts";
import { CouldNotAsk, UserError } from "../messages/errors.ts";
import { askOnEveryNode, type NodeAnswer, outcomeOf } from "./asks/clusterDns.ts";
import { describe } from "./asks/ask.ts";
import { judgeClusterDns, readDnsServer } from "./hops/clusterDns.ts";
import { reduce } from "./reduce.ts";
import { type Pace, repeat } from "./repeat.ts";
import type { RequestOf } from "./request.ts";
import type { Outcome } from "./symptoms.ts";
import type { Verdict } from "./verdict.ts";

/** Milliseconds of an attempt. A pod's resolver gives up after two seconds. */
const attempt = { shortest: 2500, longest: 5000 } as const;

/** Asks in the pods until all of them get the answer or the deadline has passed. */
export async function proveFromPods(
  request: RequestOf<"cluster-dns">,
  { kubeconfig, pin }: { readonly kubeconfig?: string | undefined; readonly pin?: Pin },
  pace: Pace,
): Promise<Verdict> {
  const started = new Date();
  const begin = performance.now();
  // Opened for each attempt, because an API keeps the failure of its first connection.
  const open = () =>
    kubeconfig === undefined ? undefined : openApi(kubeconfig, { timeoutSeconds: 3, ...pin });
  // One answer proves a node, as one answer proves an address.
  const answered = new Map<string, NodeAnswer>();
  const { attempts, answers, outcome } = await repeat(
    request.deadlineSeconds,
    attempt.longest,
    { ...pace, shortestAttempt: Math.max(pace.shortestAttempt, attempt.shortest) },
    (milliseconds) => attemptOnce(request, open(), milliseconds / 1000, answered),
  );
  const api = open();
  const facts = api && (await readDnsServer(api).catch(() => undefined));
  const { findings, remedy } = judgeClusterDns(answers, facts);
  const observations = [...findings].map(([hop, finding]) => ({ hop, finding, milliseconds: 0 }));
  return {
    schemaVersion: 1,
    name: request.name,
    asked: describe(request),
    from: { hostname: hostname(), networkNamespace: null, address: null },
    started: started.toISOString(),
    milliseconds: Math.round(performance.now() - begin),
    attempts,
    symptom: outcome.symptom,
    lastAnswer: outcome.text,
    ...reduce({ ...outcome, remedy }, observations),
  };
}

interface Asked {
  readonly answers: readonly NodeAnswer[];
  readonly outcome: Outcome;
}

async function attemptOnce(
  request: RequestOf<"cluster-dns">,
  api: KubernetesApi | undefined,
  seconds: number,
  answered: Map<string, NodeAnswer>,
): Promise<Asked> {
  const notAsked = (text: string): Asked => {
    return { answers: [], outcome: { symptom: "not asked", text, evidence: [] } };
  };
  if (api === undefined) return notAsked("no kubeconfig: set KUBECONFIG or give --kubeconfig");
  try {
    const answers = await askOnEveryNode(request, api, seconds, answered);
    for (const answer of answers) {
      if (answer.symptom === "answer") answered.set(answer.node, answer);
    }
    return { answers, outcome: outcomeOf(answers) };
  } catch (error) {
    if (error instanceof CouldNotAsk || error instanceof UserError) return notAsked(error.message);
    throw error;
  }
}
