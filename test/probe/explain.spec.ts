import { expect } from "chai";

import { explain } from "../../probe/explain.ts";
import type { Finding } from "../../probe/model.ts";
import { reduce } from "../../probe/reduce.ts";
import type { Symptom } from "../../probe/symptoms.ts";
import type { Verdict } from "../../probe/verdict.ts";

function verdictOf(symptom: Symptom, lastAnswer: string, router: Finding): Verdict {
  const route = {
    hop: 2,
    finding: { state: "ok", evidence: ["route: fine"] },
    milliseconds: 1,
  } as const;
  const outcome = { symptom, text: lastAnswer, evidence: [] };
  return {
    schemaVersion: 1,
    name: "web",
    asked: "GET http://192.0.2.7/ for status 200",
    from: { hostname: "laptop", networkNamespace: "net:[1]", address: "10.9.1.2" },
    started: "2026-01-01T00:00:00.000Z",
    milliseconds: 8123,
    attempts: 3,
    symptom,
    lastAnswer,
    ...reduce(outcome, [route, { hop: 7, finding: router, milliseconds: 1 }]),
  };
}

const brokenRouter: Finding = {
  state: "broken",
  evidence: ["to 192.0.2.7: Network is unreachable"],
  why: "the router has no route",
  remedy: "add one",
  counts: "silence",
};

describe("a verdict as text", () => {
  it("has the broken hop, the cause, the request and the last answer in its first line", () => {
    const [first, second, third] = explain(verdictOf("silence", "silence", brokenRouter)).split(
      "\n",
    );
    expect(first).to.equal(
      "✗ web broken at hop 7, router route: the router has no route; asked: GET http://192.0.2.7/ for status 200; last answer: silence",
    );
    expect(second).to.equal("  Fix: add one");
    expect(third).to.equal("  from laptop, 10.9.1.2, net:[1]; 3 attempts in 8.1 s");
  });

  it("draws the path with a mark at the hop, and the evidence after it", () => {
    const lines = explain(verdictOf("silence", "silence", brokenRouter))
      .split("\n")
      .slice(4);
    expect(lines).to.deep.equal([
      "  ·  1 name",
      "  ✓  2 client route",
      "  ·  3 client firewall",
      "  ·  4 client neighbour",
      "  ·  5 router forwarding",
      "  ·  6 router firewall",
      "  ✗  7 router route  <-- it stops here",
      "  ·  8 announcer",
      "  ·  9 address",
      "  · 10 node",
      "  · 11 service rules",
      "  · 12 endpoints",
      "  · 13 ingress",
      "  · 14 policy at the source pod",
      "  · 15 overlay",
      "  · 16 policy at the destination pod",
      "  · 17 process",
      "  · 18 answer",
      "  · 19 way back",
      "",
      "  evidence",
      "   2 client route: route: fine",
      "   7 router route: to 192.0.2.7: Network is unreachable",
    ]);
  });

  it("marks every hop at which it may stop when none is named", () => {
    const narrowed: Finding = { state: "unknown", evidence: [], narrowsTo: [5, 7] };
    const text = explain(verdictOf("silence", "silence", narrowed));
    expect(text).to.contain("✗ web broken: it stops between hop 5 and hop 7");
    const marked = text.split("\n").filter((line) => line.startsWith("  ?"));
    expect(marked).to.deep.equal([
      "  ?  5 router forwarding  <-- may stop here",
      "  ?  7 router route  <-- may stop here",
    ]);
  });

  it("is one line when proved, unless the whole is wanted", () => {
    const proved = verdictOf("answer", "HTTP 200", { state: "ok", evidence: [] });
    const line = "✓ web: GET http://192.0.2.7/ for status 200: HTTP 200 (8.1 s)";
    expect(explain(proved)).to.equal(line);
    expect(explain(proved, { whole: true }).split("\n")[0]).to.equal(line);
    expect(explain(proved, { whole: true })).to.contain("2 client route: route: fine");
  });

  it("reports `unknown` when the request could not be sent", () => {
    const text = explain(verdictOf("not asked", "no ip", { state: "ok", evidence: [] }));
    expect(text.split("\n")[0]).to.contain("✗ web unknown: no ip");
  });

  it("uses colours only on request", () => {
    const verdict = verdictOf("silence", "silence", brokenRouter);
    expect(explain(verdict)).not.to.contain("\u001b");
    expect(explain(verdict, { color: true })).to.contain("\u001b[31m");
  });
});
