/** Reduces the findings of all hops to one statement. Pure. */
import { type Finding, hopName, hopNumbers, type Observation } from "./model.ts";
import { meanings, type Outcome } from "./symptoms.ts";
import type { Broken, HopReport, Verdict } from "./verdict.ts";

/** The part of a verdict that follows from outcome and observations alone. */
export type Reduced = Pick<Verdict, "verdict" | "broken" | "hops" | "unknown">;

/**
 * Names the first hop whose evidence contradicts what the path needs. A hop without an observation
 * is unknown. When the request failed and no observed hop is broken, those hops are the candidates.
 */
export function reduce(outcome: Outcome, observations: readonly Observation[]): Reduced {
  const { reached, candidates, remedy } = { ...meanings[outcome.symptom], ...remedyOf(outcome) };
  const seen = new Map(observations.map((observation) => [observation.hop, observation]));
  const findings = new Map(
    hopNumbers.map((hop) => [hop, relax(seen.get(hop)?.finding ?? unobserved, reached)]),
  );
  const hops = hopNumbers.map((hop): HopReport => {
    const { state, evidence } = findings.get(hop) ?? unobserved;
    const milliseconds = seen.get(hop)?.milliseconds ?? 0;
    return { hop, name: hopName(hop), state, evidence: [...evidence], milliseconds };
  });
  const unknown = hops.flatMap(({ hop, state }) => (state === "unknown" ? [hop] : []));
  if (outcome.symptom === "not asked") {
    const broken = { hop: null, candidates: [], why: outcome.text, remedy };
    return { verdict: "unknown", broken, hops, unknown };
  }
  const first = firstBroken(findings);
  if (first !== undefined) return { verdict: "broken", broken: first, hops, unknown };
  if (outcome.symptom === "answer") return { verdict: "proved", broken: null, hops, unknown };
  const narrowings = reached ? [] : [...findings.values()].map(narrowing);
  const narrowed = hopNumbers.filter((hop) => narrowings.some((list) => list.includes(hop)));
  const possible = candidates.filter((hop) => unknown.includes(hop));
  const left = narrowed.length > 0 ? narrowed : possible;
  const broken = { hop: null, candidates: left, why: whyOf(left, hops), remedy };
  return { verdict: "broken", broken, hops, unknown };
}

function remedyOf({ remedy }: Outcome): Pick<Outcome, "remedy"> {
  return remedy === undefined ? {} : { remedy };
}

const unobserved: Finding = { state: "unknown", evidence: [] };

/** An explanation for silence becomes a remark when something came back from the address. */
function relax(finding: Finding, reached: boolean): Finding {
  if (finding.state !== "broken" || finding.counts === "always" || !reached) return finding;
  return { state: "ok", evidence: [...finding.evidence, `note: ${finding.why}`] };
}

function narrowing(finding: Finding): readonly number[] {
  return finding.state === "broken" ? [] : (finding.narrowsTo ?? []);
}

function firstBroken(findings: ReadonlyMap<number, Finding>): Broken | undefined {
  for (const [hop, finding] of findings) {
    if (finding.state !== "broken") continue;
    const later = finding.yieldsTo;
    if (later !== undefined && findings.get(later)?.state === "broken") continue;
    return { hop, candidates: [hop], why: finding.why, remedy: finding.remedy };
  }
  return undefined;
}

function whyOf(candidates: readonly number[], hops: readonly HopReport[]): string {
  const good = hops.filter(({ state }) => state === "ok").map(({ hop }) => hop);
  const inOrder = good.length === 0 ? "" : `; ${listHops(good)} ok`;
  if (candidates.length === 0) return `no observed hop explains it${inOrder}`;
  const [first = 0] = candidates;
  const last = candidates.at(-1) ?? first;
  const where = first === last ? `at hop ${first}` : `between hop ${first} and hop ${last}`;
  return `it stops ${where} (${listHops(candidates)} possible)${inOrder}`;
}

/** `hop 3`, `hops 3, 5 and 6`, with the names. */
export function listHops(hops: readonly number[]): string {
  const names = hops.map((hop) => `${hop} ${hopName(hop)}`);
  if (names.length === 1) return `hop ${names[0] ?? ""}`;
  return `hops ${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
