import type { Properties } from "../../kit/values.ts";
import { reportsOf, type ContainerReport } from "./pods.ts";

/** How long a container problem must last. A single failed pull recovers within this time. */
export const graceMilliseconds = 12_000;
/** A container that keeps restarting fails after this time, even while it runs. */
export const restartingMilliseconds = 16_000;
/** A container has recovered when it has been ready for this long. */
export const recoveryMilliseconds = 10_000;

interface FirstSign {
  readonly since: number;
  readonly restarts: number;
  /** When it became ready, and its number of restarts at that time. */
  recovery: { readonly since: number; readonly restarts: number } | undefined;
  /** The last problem that it reported. */
  trouble: string;
}

/** Detects container problems that persist, so that a mistake fails long before the timeout. */
export class TroubleClock {
  readonly #now: () => number;
  readonly #signs = new Map<string, FirstSign>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds an observation of the pods, and returns the problems that persist. */
  observe(pods: readonly Properties[]): string[] {
    const reports = pods.flatMap(reportsOf);
    const present = new Set(reports.map(({ key }) => key));
    for (const key of this.#signs.keys()) {
      if (!present.has(key)) this.#signs.delete(key);
    }
    return reports.flatMap((report) => this.#judge(report));
  }

  #judge(report: ContainerReport): string[] {
    const { key, terminal, ready, restarts, trouble = "" } = report;
    const now = this.#now();
    const sign = this.#signs.get(key);
    if (!sign) {
      if (terminal) this.#signs.set(key, { since: now, restarts, recovery: undefined, trouble });
      return [];
    }
    if (terminal) sign.trouble = trouble;
    if (!ready) {
      sign.recovery = undefined;
    } else if (sign.recovery?.restarts !== restarts) {
      sign.recovery = { since: now, restarts };
    } else if (now - sign.recovery.since >= recoveryMilliseconds) {
      this.#signs.delete(key);
      return [];
    }
    const lasted = now - sign.since;
    const persists = terminal && lasted >= graceMilliseconds;
    const restartsOn = !ready && restarts > sign.restarts && lasted >= restartingMilliseconds;
    return persists || restartsOn ? [sign.trouble] : [];
  }
}
