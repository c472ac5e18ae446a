/** The probe's verdict. Within version 1 fields may be added, and none changes its meaning. */
import { z } from "zod";

import { hopNames } from "./model.ts";
import { symptoms } from "./symptoms.ts";

const hop = z.int().min(1).max(hopNames.length);

const hopReportSchema = z.object({
  hop,
  name: z.string(),
  /** `unknown`: the hop was not observed or could not be read. It never counts as ok. */
  state: z.enum(["ok", "broken", "unknown", "skipped"]),
  evidence: z.array(z.string()),
  milliseconds: z.number().nonnegative(),
});

const brokenSchema = z.object({
  /** The first hop whose evidence contradicts what the path needs, or null. */
  hop: hop.nullable(),
  /** The hops where the request may have stopped. Only `hop` when that is not null. */
  candidates: z.array(hop),
  why: z.string(),
  remedy: z.string(),
});

/** Schema of a {@link Verdict}. */
export const verdictSchema = z.object({
  schemaVersion: z.literal(1),
  /** Name of the check, from the request. */
  name: z.string(),
  /** The request in words. */
  asked: z.string(),
  /** Where the packets were sent from. */
  from: z.object({
    hostname: z.string(),
    /** The kernel's name of the network namespace, such as `net:[4026531840]`. */
    networkNamespace: z.string().nullable(),
    /** Source address of the packets, or null when none was sent. */
    address: z.string().nullable(),
  }),
  started: z.iso.datetime(),
  milliseconds: z.number().nonnegative(),
  verdict: z.enum(["proved", "broken", "unknown"]),
  /** Number of attempts until the proof or the deadline. */
  attempts: z.int().nonnegative(),
  /** The last result in one word. */
  symptom: z.enum(symptoms),
  /** The last result in words. */
  lastAnswer: z.string(),
  /** All nineteen hops in order. */
  hops: z.array(hopReportSchema).length(hopNames.length),
  /** Null when proved. */
  broken: brokenSchema.nullable(),
  /** Hops with the state `unknown`. */
  unknown: z.array(hop),
});

/** The probe's answer to one request. */
export type Verdict = z.infer<typeof verdictSchema>;

/** One hop's line in a {@link Verdict}. */
export type HopReport = z.infer<typeof hopReportSchema>;

/** The broken part of a path. */
export type Broken = z.infer<typeof brokenSchema>;

/** Exit code of a verdict: 0 proved, 1 broken, 3 unknown. 2 is bad use. */
export function exitCodeOf(verdict: Verdict): 0 | 1 | 3 {
  return verdict.verdict === "proved" ? 0 : verdict.verdict === "broken" ? 1 : 3;
}
