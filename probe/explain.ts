/** Formats a verdict: what is broken and why, the path with a mark at the hop, the evidence. */
import { styleText } from "node:util";

import { formatSeconds } from "../messages/durations.ts";
import type { HopReport, Verdict } from "./verdict.ts";

/** Options of {@link explain}. */
export interface ExplainOptions {
  /** Use colours. @default false */
  readonly color?: boolean;
  /** Include the path and the evidence of a proved request. @default false */
  readonly whole?: boolean;
}

const marks: Readonly<Record<HopReport["state"], string>> = {
  ok: "✓",
  broken: "✗",
  unknown: "·",
  skipped: "-",
};

/** The verdict as text, without a newline at its end. */
export function explain(verdict: Verdict, options: ExplainOptions = {}): string {
  const { color = false, whole = false } = options;
  const paint: Paint = (hue, text) =>
    color ? styleText(hue, text, { validateStream: false }) : text;
  const { broken } = verdict;
  if (broken === null) {
    const head = `${paint("green", `✓ ${verdict.name}`)}: ${verdict.asked}: ${verdict.lastAnswer} (${took(verdict)})`;
    return whole
      ? [head, "", ...drawPath(verdict, paint), ...drawEvidence(verdict)].join("\n")
      : head;
  }
  const known = verdict.verdict === "broken";
  const at = broken.hop === null ? "" : ` at hop ${broken.hop}, ${nameOf(verdict, broken.hop)}`;
  const state = known ? `broken${at}` : "unknown";
  const head = `${paint(known ? "red" : "yellow", `✗ ${verdict.name} ${state}`)}: ${broken.why}; asked: ${verdict.asked}; last answer: ${verdict.lastAnswer}`;
  return [
    head,
    `  Fix: ${broken.remedy}`,
    `  from ${verdict.from.hostname}, ${verdict.from.address ?? "no address"}, ${verdict.from.networkNamespace ?? "network namespace not known"}; ${times(verdict.attempts)} in ${took(verdict)}`,
    "",
    ...drawPath(verdict, paint),
    ...drawEvidence(verdict),
  ].join("\n");
}

type Paint = (hue: "red" | "green" | "yellow" | "dim", text: string) => string;

function drawPath({ hops, broken }: Verdict, paint: Paint): string[] {
  return hops.map(({ hop, name, state }) => {
    const here = broken?.hop === hop;
    const possible = broken?.hop === null && broken.candidates.includes(hop);
    const line = `  ${possible ? "?" : marks[state]} ${String(hop).padStart(2)} ${name}`;
    if (here) return paint("red", `${line}  <-- it stops here`);
    if (possible) return paint("yellow", `${line}  <-- may stop here`);
    return state === "ok" ? paint("green", line) : paint("dim", line);
  });
}

function drawEvidence({ hops }: Verdict): string[] {
  const lines = hops.flatMap(({ hop, name, evidence }) =>
    evidence.map((text) => `  ${String(hop).padStart(2)} ${name}: ${text}`),
  );
  return lines.length === 0 ? [] : ["", "  evidence", ...lines];
}

function nameOf({ hops }: Verdict, hop: number): string {
  return hops[hop - 1]?.name ?? "";
}

function times(attempts: number): string {
  return attempts === 1 ? "1 attempt" : `${attempts} attempts`;
}

function took({ milliseconds }: Verdict): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : formatSeconds(milliseconds / 1000);
}
