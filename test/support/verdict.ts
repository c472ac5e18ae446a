/** Verdicts as the probe prints them. */
import { hopNames } from "../../probe/model.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import type { Verdict } from "../../probe/verdict.ts";

/** The verdict of a request that was proved at once. */
export function provedVerdict({ name, ask }: Pick<ProbeRequest, "name" | "ask">): Verdict {
  return {
    schemaVersion: 1,
    name,
    asked: ask,
    from: { hostname: "client", networkNamespace: null, address: "192.0.2.2" },
    started: "2026-01-01T00:00:00Z",
    milliseconds: 1,
    verdict: "proved",
    attempts: 1,
    symptom: "answer",
    lastAnswer: "the expected answer",
    hops: hopNames.map((hopName, position) => ({
      hop: position + 1,
      name: hopName,
      state: "ok",
      evidence: [],
      milliseconds: 0,
    })),
    broken: null,
    unknown: [],
  };
}

/** What a check's command prints: the verdict of the request on its standard input. */
export function probeStdout(inputs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(provedVerdict(JSON.parse(String(inputs.stdin)) as ProbeRequest));
}
