/** Durations of earlier runs, for `npm run bench`. */
import { existsSync, readFileSync } from "node:fs";

import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

const stageTimes = z.array(z.object({ stage: z.string(), seconds: z.number() }));

const measurementSchema = z.object({
  started: z.string(),
  stack: z.string(),
  changes: z.record(z.string(), z.number()),
  times: stageTimes,
});

/** One run of `up`. */
export type Measurement = z.infer<typeof measurementSchema>;

const kept = 20;

/** The recorded runs, oldest first. An unreadable file counts as none. */
export function readMeasurements(file: string): Measurement[] {
  if (!existsSync(file)) return [];
  try {
    return z.array(measurementSchema).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}

/** Adds a run and keeps the newest twenty. */
export function recordMeasurement(file: string, measurement: Measurement): void {
  const all = [...readMeasurements(file), measurement].slice(-kept);
  writeFileAtomic.sync(file, `${JSON.stringify(all, undefined, 2)}\n`, { mode: 0o600 });
}

/** The newest run that created the cluster, known by its many new resources, or the newest of all. */
export function lastCreation(runs: readonly Measurement[]): Measurement | undefined {
  return runs.findLast(({ changes }) => (changes.create ?? 0) > 20) ?? runs.at(-1);
}
