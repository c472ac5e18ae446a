/** Classifies a socket's error by what the client saw. */
import type { Outcome } from "../symptoms.ts";

const localRefusals: Readonly<Record<string, string>> = {
  ENETUNREACH: "the kernel has no route",
  EACCES: "a local route prohibits it",
  EINVAL: "the kernel refuses it, as a local blackhole route does",
  EPERM: "the local firewall refuses it",
};

/** The outcome for a socket's error. */
export function outcomeOfError(error: unknown): Outcome {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case "ECONNREFUSED":
      return { symptom: "refused", text: "connection refused (RST)", evidence: [code] };
    case "EHOSTUNREACH":
      return { symptom: "unreachable", text: "host unreachable", evidence: [code] };
    case "ENETUNREACH":
    case "EACCES":
    case "EINVAL":
    case "EPERM":
      return {
        symptom: "no route",
        text: `not sent: ${localRefusals[code] ?? ""} (${code})`,
        evidence: [code],
      };
    case "ECONNRESET":
    case "EPIPE":
      return { symptom: "reset", text: "connection reset before an answer", evidence: [code] };
    case "ETIMEDOUT":
      return { symptom: "silence", text: "silence", evidence: [code] };
    default:
      if (code.startsWith("HPE_")) {
        return {
          symptom: "wrong answer",
          text: `an answer that is no HTTP (${code})`,
          evidence: [],
        };
      }
      return { symptom: "not asked", text: `could not be asked: ${message}`, evidence: [] };
  }
}

/**
 * Distinguishes RST from ICMP, and a router's "unreachable" from a failed ARP lookup, by the number
 * of ICMP messages that arrived from other hosts during the attempt.
 */
export function refine(outcome: Outcome, foreign: number | undefined): Outcome {
  if (foreign === undefined) return outcome;
  const [code = ""] = outcome.evidence;
  const counted = [
    code,
    `ICMP destination unreachable received meanwhile: ${Math.max(foreign, 0)}`,
  ];
  if (code === "ECONNREFUSED" && foreign > 0) {
    const text = "rejected (ICMP port unreachable)";
    return { ...outcome, symptom: "rejected", text, evidence: counted };
  }
  if (code === "ENETUNREACH" && foreign > 0) {
    const text = "network unreachable (ICMP, from a router)";
    return { ...outcome, symptom: "unreachable", text, evidence: counted };
  }
  if (code === "EHOSTUNREACH") {
    return foreign > 0
      ? { ...outcome, text: "host unreachable (ICMP, from a router)", evidence: counted }
      : {
          ...outcome,
          symptom: "no neighbour",
          text: "host unreachable (no answer to ARP)",
          evidence: counted,
        };
  }
  return outcome;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}
