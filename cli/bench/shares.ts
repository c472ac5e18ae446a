/** Divides a preview's time among its parts, from the events that `timeline.cjs` writes. */
import { z } from "zod";

const eventSchema = z.object({
  pid: z.number(),
  script: z.string(),
  kind: z.enum(["start", "sdk", "ready", "end"]),
  /** Milliseconds since 1970. */
  from: z.number(),
  to: z.number(),
  /** Milliseconds of processor time that the process has used so far. */
  processor: z.number(),
});

/** Something that a process of the preview did. */
export type TimelineEvent = z.output<typeof eventSchema>;

/** The parts of a preview, in the order in which they take precedence where two overlap. */
export const parts = [
  "process start",
  "SDK import",
  "plugins",
  "pack",
  "program",
  "engine",
] as const;

/** A part of a preview. */
export type Part = (typeof parts)[number];

/** Reads the timeline. A line that a killed process left unfinished is skipped. */
export function parseTimeline(text: string): TimelineEvent[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [eventSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

interface Interval {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

/**
 * Milliseconds of each part between `from` and `to`. They add up to the whole. A plugin and the pack
 * count until they print their port. The program counts while it uses the processor. Everything
 * else is the engine's: its own start, its state, and the questions it asks plugins and pack.
 */
export function divide(
  events: readonly TimelineEvent[],
  from: number,
  to: number,
): Record<Part, number> {
  const intervals = events.flatMap(intervalsOf);
  const times = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  const ends = [from, to, ...intervals.flatMap((interval) => [interval.from, interval.to])];
  const moments = ends.filter((moment) => moment >= from && moment <= to).sort((a, b) => a - b);
  for (const [index, start] of moments.slice(0, -1).entries()) {
    const end = moments[index + 1] ?? start;
    const active = intervals.filter((each) => each.from <= start && each.to >= end);
    const part = parts.find((name) => active.some((each) => each.part === name)) ?? "engine";
    times[part] += end - start;
  }
  const waited = Math.max(0, times.program - processorOfProgram(events));
  return { ...times, program: times.program - waited, engine: times.engine + waited };
}

function intervalsOf({ kind, script, from, to }: TimelineEvent): Interval[] {
  if (kind === "start") return [{ part: "process start", from, to }];
  if (kind === "sdk") return [{ part: "SDK import", from, to }];
  const part = partOf(script);
  return (kind === "end") === (part === "program") ? [{ part, from, to }] : [];
}

function partOf(script: string): Part {
  if (/run-policy-pack/.test(script)) return "pack";
  return /cmd[\\/]run\b/.test(script) ? "program" : "plugins";
}

/** Processor time of the program after its start, without the import of the SDK. */
function processorOfProgram(events: readonly TimelineEvent[]): number {
  const own = events.filter(({ script }) => partOf(script) === "program");
  const at = (kind: TimelineEvent["kind"]) => own.find((event) => event.kind === kind)?.processor;
  const imports = own
    .filter(({ kind }) => kind === "sdk")
    .reduce((sum, event) => sum + event.to - event.from, 0);
  return Math.max(0, (at("end") ?? 0) - (at("start") ?? 0) - imports);
}

/** Shares in percent, such as `engine 30 %, program 25 %`, the largest first. */
export function formatShares(times: Readonly<Record<Part, number>>): string {
  const whole = Object.values(times).reduce((sum, time) => sum + time, 0);
  return parts
    .map((part) => ({ part, share: Math.round((100 * times[part]) / whole) }))
    .sort((one, other) => other.share - one.share)
    .map(({ part, share }) => `${part} ${share} %`)
    .join(", ");
}
