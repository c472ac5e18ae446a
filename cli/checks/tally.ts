/** Counts what test suites did; the closing line of `npm test` comes from here. */
import { readFileSync, rmSync } from "node:fs";

import { z } from "zod";

/** How many passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const reportSchema = z.object({
  stats: z.object({ passes: z.number(), failures: z.number() }),
});

/**
 * Reads what mocha's JSON reporter wrote. Without a readable report the suite died, which counts as
 * one failure, and so does a suite in which nothing ran: it cannot have shown anything. A test that
 * is skipped counts as neither.
 */
export function readReport(text: string | undefined, exitCode: number): Tally {
  let stats: { passes: number; failures: number } | undefined;
  try {
    stats = reportSchema.parse(JSON.parse(text ?? "")).stats;
  } catch {
    return { passed: 0, failed: 1 };
  }
  const { passes, failures } = stats;
  if (passes + failures === 0) return { passed: 0, failed: 1 };
  // Mocha ends with 1 for faults that it counts nowhere, such as an error after the last test.
  return { passed: passes, failed: exitCode !== 0 && failures === 0 ? 1 : failures };
}

/** Reads a report's file and removes it; undefined when there is none. */
export function takeReport(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    rmSync(file);
    return text;
  } catch {
    return undefined;
  }
}

/** Adds tallies up. */
export function sumTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** The closing line: `N passed, N failed`. */
export function formatTally({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
