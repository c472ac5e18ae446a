/** The closing lines of a run. */
import { explain } from "../../probe/explain.ts";
import type { Verdict } from "../../probe/verdict.ts";
import { formatSeconds } from "../../messages/durations.ts";
import { exitCodes } from "../../messages/errors.ts";
import { formatTable, paint } from "./terminal.ts";

/** Exit code of several verdicts. A broken one outweighs an unknown one. */
export function exitCodeOfAll(verdicts: readonly Pick<Verdict, "verdict">[]): number {
  const says = (word: Verdict["verdict"]) => verdicts.some(({ verdict }) => verdict === word);
  if (says("broken")) return exitCodes.failed;
  return says("unknown") ? exitCodes.unknown : exitCodes.done;
}

const marks = { proved: ["✓", "green"], broken: ["✗", "red"], unknown: ["?", "yellow"] } as const;

/** One line per check with its mark, name and request, and the last answer unless it is proved. */
export function formatVerdicts(verdicts: readonly Verdict[], colour: boolean): string {
  const width = Math.max(0, ...verdicts.map(({ name }) => name.length));
  return verdicts
    .map((verdict) => {
      const [mark, shade] = marks[verdict.verdict];
      const line = `${paint(mark, shade, colour)} ${verdict.name.padEnd(width)}  ${verdict.asked}`;
      const took = formatSeconds(verdict.milliseconds / 1000);
      return verdict.verdict === "proved"
        ? `${line}  ${paint(took, "dim", colour)}\n`
        : `${line}  ${verdict.verdict}: ${reasonOf(verdict)}  ${paint(took, "dim", colour)}\n`;
    })
    .join("");
}

/** An expected answer is no reason. Then the contradicting hop is. */
function reasonOf({ symptom, lastAnswer, broken }: Verdict): string {
  return symptom === "answer" && broken !== null ? broken.why : lastAnswer;
}

/**
 * The explanation of each check that is not proved. Path and evidence are drawn once for all checks
 * that stop at the same hop.
 */
export function formatExplanations(verdicts: readonly Verdict[], colour: boolean): string {
  const drawn = new Map<string, string>();
  return verdicts
    .filter(({ verdict }) => verdict !== "proved")
    .map((verdict) => {
      const text = explain(verdict, { color: colour });
      const { hop, candidates } = verdict.broken ?? { hop: null, candidates: [] };
      const place = JSON.stringify([hop, candidates]);
      const first = drawn.get(place);
      if (first === undefined) {
        drawn.set(place, verdict.name);
        return `\n${text}\n`;
      }
      const [head = "", fix = ""] = text.split("\n", 2);
      return `\n${head}\n${fix}\n  The path and the evidence are those of ${first} above.\n`;
    })
    .join("");
}

/** One stage of a run, with its duration. */
export interface StageTime {
  readonly stage: string;
  readonly seconds: number;
}

/** The result of `up`, which `--json` prints as it is. */
export interface UpSummary {
  readonly schemaVersion: 1;
  readonly stack: string;
  /** `proved` when every check is. */
  readonly result: "proved" | "broken" | "unknown";
  /** Number of resources by what was done with them. */
  readonly changes: Readonly<Record<string, number>>;
  readonly urls: Readonly<Record<string, string>>;
  /** `prepare`, `deploy` and `verify`, one after the other. */
  readonly times: readonly StageTime[];
  /** Seconds of `deploy` until every node was Ready. Null when no cluster changed. */
  readonly clusterSeconds: number | null;
  readonly checks: readonly Verdict[];
}

/** The word for an exit code of {@link exitCodeOfAll}. */
export function resultOf(exitCode: number): UpSummary["result"] {
  if (exitCode === exitCodes.done) return "proved";
  return exitCode === exitCodes.unknown ? "unknown" : "broken";
}

/** Addresses, changes and times, which `up` prints below its verdicts. */
export function formatUpSummary(summary: UpSummary): string {
  const rows = [
    ...Object.entries(summary.urls).map(([name, url]) => [name, url]),
    ["changes", formatChanges(summary.changes)],
    ["times", formatTimes(summary.times)],
  ];
  return `\n${formatTable(rows)}`;
}

/** `prepare 12 s, deploy 1 min 40 s, verify 0.8 s, together 1 min 53 s`. */
export function formatTimes(times: readonly StageTime[]): string {
  const together = times.reduce((sum, { seconds }) => sum + seconds, 0);
  return [...times, { stage: "together", seconds: together }]
    .map(({ stage, seconds }) => `${stage} ${formatSeconds(seconds)}`)
    .join(", ");
}

/** `3 created, 1 updated`, or `no changes`. */
export function formatChanges(changes: Readonly<Record<string, number>>): string {
  const words: Readonly<Record<string, string>> = {
    create: "created",
    update: "updated",
    replace: "replaced",
    delete: "deleted",
  };
  const parts = Object.entries(words)
    .filter(([operation]) => (changes[operation] ?? 0) > 0)
    .map(([operation, word]) => `${changes[operation] ?? 0} ${word}`);
  return parts.length === 0 ? "no changes" : parts.join(", ");
}
