import type { Finding } from "../model.ts";
import type { PacketRequest } from "../request.ts";
import type { Outcome } from "../symptoms.ts";
import { skipped, unknown } from "./context.ts";

const httpRemedies: Readonly<Record<number, string>> = {
  404: "no rule for this host and path, or the application does not know the path: look at the Ingress's class, host, path and rewrite",
  502: "the ingress controller cannot reach the pod: look at the Service's targetPort and at network policies",
  503: "no ready endpoint: look at the Service's selector and at the pods' readiness",
  504: "the pod does not answer the ingress controller in time: look at network policies and at the process",
};

/** Hop 18: whether the answer is the expected one. */
export function judgeAnswer(request: PacketRequest, outcome: Outcome): Finding {
  if (request.ask === "dns") return skipped("the answer to a DNS question is judged at hop 1");
  if (outcome.symptom === "answer") return { state: "ok", evidence: outcome.evidence };
  if (outcome.symptom !== "status" && outcome.symptom !== "wrong answer") {
    return unknown(`no answer to judge: ${outcome.text}`, ...outcome.evidence);
  }
  const status = Number(/^HTTP (\d+)/.exec(outcome.text)?.[1]);
  return {
    state: "broken",
    evidence: outcome.evidence,
    why: `the answer is not the expected one: ${outcome.text}`,
    remedy:
      httpRemedies[status] ?? "find out which server answered, and look at the application's log",
    counts: "always",
  };
}
