/** The probe's answer. Version 1 of the shape: fields may be added, none changes its meaning. */
import { z } from "zod";

import { hopNames } from "./model.ts";
import { symptoms } from "./symptoms.ts";

const hop = z.int().min(1).max(hopNames.length);

const hopReportSchema = z.object({
  hop,
  name: z.string(),
  /** `unknown` is never good: nobody looked, or nothing could be read. */
  state: z.enum(["ok", "broken", "unknown", "skipped"]),
  evidence: z.array(z.string()),
  milliseconds: z.number().nonnegative(),
});

const brokenSchema = z.object({
  /** The first hop whose evidence contradicts what the path needs; null when none observed does. */
  hop: hop.nullable(),
  /** When `hop` is null: the hops at which the request may have stopped. Otherwise just `hop`. */
  candidates: z.array(hop),
  why: z.string(),
  remedy: z.string(),
});

/** Schema of a {@link Verdict}. */
export const verdictSchema = z.object({
  schemaVersion: z.literal(1),
  /** Name of the check, from the request. */
  name: z.string(),
  /** What was asked, in words. */
  asked: z.string(),
  /** Where the packets were sent from. */
  from: z.object({
    hostname: z.string(),
    /** The kernel's name of the network namespace, such as `net:[4026531840]`. */
    networkNamespace: z.string().nullable(),
    /** Source address of the packets; null when none was sent. */
    address: z.string().nullable(),
  }),
  started: z.iso.datetime(),
  milliseconds: z.number().nonnegative(),
  verdict: z.enum(["proved", "broken", "unknown"]),
  /** How often it was asked until it was proved or the deadline passed. */
  attempts: z.int().nonnegative(),
  /** What came back at last, in one word. */
  symptom: z.enum(symptoms),
  /** What came back at last, in words. */
  lastAnswer: z.string(),
  /** All nineteen hops in order. */
  hops: z.array(hopReportSchema).length(hopNames.length),
  /** Null when proved. */
  broken: brokenSchema.nullable(),
  /** Hops of which nothing is known. */
  unknown: z.array(hop),
});

/** The probe's answer to one request. */
export type Verdict = z.infer<typeof verdictSchema>;

/** One hop's line in a {@link Verdict}. */
export type HopReport = z.infer<typeof hopReportSchema>;

/** What a {@link Verdict} says to be broken. */
export type Broken = z.infer<typeof brokenSchema>;

/** Exit code of a verdict: 0 proved, 1 broken, 3 cannot know. (2 is bad use.) */
export function exitCodeOf(verdict: Verdict): 0 | 1 | 3 {
  return verdict.verdict === "proved" ? 0 : verdict.verdict === "broken" ? 1 : 3;
}
