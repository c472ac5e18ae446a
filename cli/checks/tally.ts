/** Counts the results of test suites for the closing line of `npm test`. */
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
 * Reads the report of mocha's JSON reporter. An unreadable report means that mocha died, which counts
 * as one failure. A suite in which no test ran also counts as one failure. Skipped tests do not
 * count.
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
  // Mocha also exits with 1 for errors outside any test, such as one after the last test.
  return { passed: passes, failed: exitCode !== 0 && failures === 0 ? 1 : failures };
}

/** Reads a report's file and removes it. Undefined when there is none. */
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
