import { expect } from "chai";
import * as fc from "fast-check";

import { type Finding, hopNumbers, type Observation } from "../../probe/model.ts";
import { listHops, reduce } from "../../probe/reduce.ts";
import { type Outcome, type Symptom, symptoms } from "../../probe/symptoms.ts";

const outcome = (symptom: Symptom): Outcome => ({ symptom, text: symptom, evidence: [] });

const ok: Finding = { state: "ok", evidence: ["fine"] };

function broken(counts: "always" | "silence", yieldsTo?: number): Finding {
  const finding = { state: "broken", evidence: [], why: "why", remedy: "remedy", counts } as const;
  return yieldsTo === undefined ? finding : { ...finding, yieldsTo };
}

function observed(findings: Readonly<Record<number, Finding>>): Observation[] {
  return Object.entries(findings).map(([hop, finding]) => {
    return { hop: Number(hop), finding, milliseconds: 1 };
  });
}

describe("a verdict", () => {
  it("is proved when the ask was answered and no hop contradicts", () => {
    const reduced = reduce(outcome("answer"), observed({ 2: ok, 18: ok }));
    expect(reduced).to.include({ verdict: "proved", broken: null });
    expect(reduced.unknown).to.deep.equal(hopNumbers.filter((hop) => hop !== 2 && hop !== 18));
  });

  it("is broken although answered when what gives the address contradicts", () => {
    const reduced = reduce(outcome("answer"), observed({ 2: ok, 9: broken("always") }));
    expect(reduced.broken).to.include({ hop: 9, why: "why", remedy: "remedy" });
  });

  it("keeps as a remark what only explains silence, when it was answered", () => {
    const reduced = reduce(outcome("answer"), observed({ 2: broken("silence") }));
    expect(reduced.verdict).to.equal("proved");
    expect(reduced.hops[1]).to.deep.include({ state: "ok", evidence: ["note: why"] });
  });

  it("names the first of several broken hops", () => {
    const findings = { 9: broken("always"), 4: broken("silence"), 7: broken("silence") };
    expect(reduce(outcome("silence"), observed(findings)).broken?.hop).to.equal(4);
  });

  it("names the later hop that is the cause of the earlier", () => {
    const findings = { 4: broken("silence", 9), 9: broken("always") };
    expect(reduce(outcome("silence"), observed(findings)).broken?.hop).to.equal(9);
    const alone = { 4: broken("silence", 9), 9: ok };
    expect(reduce(outcome("silence"), observed(alone)).broken?.hop).to.equal(4);
  });

  it("names the range of possible hops when all observed hops are ok", () => {
    const reduced = reduce(outcome("rejected"), observed({ 2: ok, 4: ok, 7: ok, 9: ok }));
    expect(reduced.broken).to.deep.include({ hop: null, candidates: [3, 6, 10, 11, 12, 17] });
    expect(reduced.broken?.why).to.contain("between hop 3 and hop 17");
    expect(reduced.broken?.why).to.contain(
      "hops 2 client route, 4 client neighbour, 7 router route",
    );
  });

  it("takes as candidates what the evidence narrows it to, while nothing came back", () => {
    const narrowed = observed({ 7: { state: "unknown", evidence: [], narrowsTo: [5, 7] } });
    expect(reduce(outcome("silence"), narrowed).broken?.candidates).to.deep.equal([5, 7]);
    expect(reduce(outcome("mute"), narrowed).broken?.candidates).to.include(17);
  });

  it("is unknown when it could not be asked", () => {
    expect(reduce(outcome("not asked"), []).verdict).to.equal("unknown");
  });

  const finding = fc.oneof(
    fc.constant(ok),
    fc.constantFrom("unknown" as const, "skipped" as const).map((state): Finding => {
      return { state, evidence: [] };
    }),
    fc.constantFrom("always" as const, "silence" as const).map((counts) => broken(counts)),
  );
  const findings = fc.dictionary(fc.constantFrom(...hopNumbers.map(String)), finding);

  it("has nineteen hops in order, and a hop without an observation is unknown", () => {
    fc.assert(
      fc.property(fc.constantFrom(...symptoms), findings, (symptom, found) => {
        const { hops, unknown } = reduce(outcome(symptom), observed(found));
        expect(hops.map(({ hop }) => hop)).to.deep.equal(hopNumbers);
        for (const { hop, state } of hops) {
          if (!(hop in found)) expect(state).to.equal("unknown");
          expect(unknown.includes(hop)).to.equal(state === "unknown");
        }
      }),
    );
  });

  it("is proved only when answered, and never with a broken hop", () => {
    fc.assert(
      fc.property(fc.constantFrom(...symptoms), findings, (symptom, found) => {
        const { verdict, hops, broken: named } = reduce(outcome(symptom), observed(found));
        expect(verdict === "proved").to.equal(named === null);
        if (verdict !== "proved") return;
        expect(symptom).to.equal("answer");
        expect(hops.some(({ state }) => state === "broken")).to.equal(false);
      }),
    );
  });

  it("names the first broken hop, and no candidate that is ok", () => {
    fc.assert(
      fc.property(fc.constantFrom(...symptoms), findings, (symptom, found) => {
        const { verdict, hops, broken: named } = reduce(outcome(symptom), observed(found));
        if (verdict !== "broken" || named === null) return;
        const first = hops.find(({ state }) => state === "broken");
        expect(named.hop).to.equal(first?.hop ?? null);
        if (named.hop !== null) return;
        for (const hop of named.candidates) expect(hops[hop - 1]?.state).to.equal("unknown");
      }),
    );
  });
});

it("hops are listed as a sentence", () => {
  expect(listHops([7])).to.equal("hop 7 router route");
  expect(listHops([5, 7])).to.equal("hops 5 router forwarding and 7 router route");
  expect(listHops([1, 5, 7])).to.equal("hops 1 name, 5 router forwarding and 7 router route");
});
