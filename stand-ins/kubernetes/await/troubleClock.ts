import type { Properties } from "../../kit/values.ts";
import { reportsOf, type ContainerReport } from "./pods.ts";

/** How long a bad sign must last before we give up: one flake, such as a pull that is tried again, passes. */
export const graceMilliseconds = 12_000;
/** A container that comes up and falls over is given up after this, even while it happens to be up. */
export const restartingMilliseconds = 16_000;
/** A container that has been ready for this long has recovered. */
export const recoveryMilliseconds = 10_000;

interface FirstSign {
  readonly since: number;
  readonly restarts: number;
  /** Since when it has been ready, and how often it had been restarted then. */
  recovery: { readonly since: number; readonly restarts: number } | undefined;
  /** The last bad sign that it gave. */
  trouble: string;
}

/** Watches containers for bad signs that do not pass, so that nobody waits ten minutes for a typo. */
export class TroubleClock {
  readonly #now: () => number;
  readonly #signs = new Map<string, FirstSign>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the newest pods; gives the reasons to give up, or none. */
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
