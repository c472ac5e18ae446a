import { expect } from "chai";
import fc from "fast-check";

import {
  exitCodeOfAll,
  formatChanges,
  formatExplanations,
  formatTimes,
  formatUpSummary,
  formatVerdicts,
  resultOf,
} from "../../../cli/report/summary.ts";
import { formatSeconds } from "../../../messages/durations.ts";
import { coloured, formatMegabytes, formatTable } from "../../../cli/report/terminal.ts";
import type { Verdict } from "../../../probe/verdict.ts";

const verdict = (name: string, word: Verdict["verdict"]): Verdict => ({
  schemaVersion: 1,
  name,
  asked: "http://192.0.2.1/",
  from: { hostname: "h", networkNamespace: null, address: null },
  started: "2026-01-01T00:00:00.000Z",
  milliseconds: 420,
  verdict: word,
  attempts: 1,
  symptom: word === "proved" ? "answer" : "silence",
  lastAnswer: "nothing came back",
  hops: [],
  broken: null,
  unknown: [],
});

describe("several verdicts together", () => {
  for (const [words, code] of [
    [["proved", "proved"], 0],
    [["proved", "broken", "unknown"], 1],
    [["proved", "unknown"], 3],
  ] as const) {
    it(`end with ${code} for ${words.join(", ")}`, () => {
      expect(exitCodeOfAll(words.map((word) => ({ verdict: word })))).to.equal(code);
    });
  }

  it("have a word for each exit code", () => {
    expect([0, 1, 3].map(resultOf)).to.deep.equal(["proved", "broken", "unknown"]);
  });

  it("are one line each, with the last answer unless it is proved", () => {
    const text = formatVerdicts([verdict("page", "proved"), verdict("entrance", "broken")], false);
    expect(text).to.equal(
      "✓ page      http://192.0.2.1/  0.4 s\n" +
        "✗ entrance  http://192.0.2.1/  broken: nothing came back  0.4 s\n",
    );
  });

  it("name the hop that is wrong when the answer came nevertheless", () => {
    const broken = { hop: 9, candidates: [9], why: "nobody announces it", remedy: "announce it" };
    const answered: Verdict = { ...verdict("page", "broken"), symptom: "answer", broken };
    expect(formatVerdicts([answered], false)).to.contain("broken: nobody announces it  ");
  });

  it("are drawn once for each place where requests stop, and not at all when all are proved", () => {
    const stopped = (name: string, hop: number): Verdict => ({
      ...verdict(name, "broken"),
      broken: { hop, candidates: [hop], why: "no", remedy: "repair it" },
      hops: [{ hop, name: "somewhere", state: "broken", evidence: [], milliseconds: 1 }],
    });
    const text = formatExplanations(
      [stopped("one", 2), stopped("two", 2), stopped("three", 7), verdict("four", "proved")],
      false,
    );
    expect(text.match(/<-- it stops here/g)).to.have.length(2);
    expect(text).to.match(
      /✗ two .*asked: .*last answer: .*\n {2}Fix: repair it\n {2}The path and the evidence are those of one above\.\n/,
    );
    expect(text).to.not.contain("four");
    expect(formatExplanations([verdict("four", "proved")], false)).to.equal("");
  });

  it("are coloured only on request", () => {
    expect(formatVerdicts([verdict("page", "proved")], true)).to.contain("\u001b[32m✓");
    expect(formatVerdicts([verdict("page", "proved")], false)).not.to.contain("\u001b");
  });
});

describe("the summary of up", () => {
  it("names the addresses, the changes and the times with their sum", () => {
    const times = [
      { stage: "prepare", seconds: 12 },
      { stage: "deploy", seconds: 100 },
    ];
    const urls = { web: "http://192.0.2.1/" };
    const summary = { ...{ schemaVersion: 1, stack: "dev", result: "proved" }, urls, times };
    const text = formatUpSummary({
      ...{
        ...summary,
        schemaVersion: 1,
        result: "proved",
        changes: {},
        checks: [],
        clusterSeconds: null,
      },
    });
    expect(text).to.equal(
      "\nweb      http://192.0.2.1/\nchanges  no changes\n" +
        "times    prepare 12 s, deploy 1 min 40 s, together 1 min 52 s\n",
    );
  });

  it("has a sum without any times", () => {
    expect(formatTimes([])).to.equal("together 0.0 s");
  });
});

describe("figures as text", () => {
  for (const [seconds, words] of [
    [0.04, "0.0 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [59.6, "1 min 00 s"],
    [61, "1 min 01 s"],
    [3725, "62 min 05 s"],
  ] as const) {
    it(`write ${seconds} seconds as ${words}`, () => {
      expect(formatSeconds(seconds)).to.equal(words);
    });
  }

  it("never write sixty seconds", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        expect(formatSeconds(seconds)).not.to.match(/(^| )60 s$/);
      }),
    );
  });

  it("write space in MB or GB", () => {
    expect([850, 17_500].map(formatMegabytes)).to.deep.equal(["850 MB", "17.5 GB"]);
  });

  it("align columns without trailing spaces", () => {
    expect(
      formatTable([
        ["a", "b"],
        ["long", ""],
      ]),
    ).to.equal("a     b\nlong\n");
  });

  it("are coloured on a terminal that has colours", () => {
    const stream = (isTTY: boolean, hasColors: boolean) => ({ isTTY, hasColors: () => hasColors });
    expect(coloured(stream(true, true))).to.equal(true);
    expect(coloured(stream(true, false))).to.equal(false);
    expect(coloured(stream(false, true))).to.equal(false);
  });
});

describe("changes as text", () => {
  it("omit unchanged resources", () => {
    expect(formatChanges({ create: 3, delete: 1, same: 9 })).to.equal("3 created, 1 deleted");
  });

  it("are 'no changes' when nothing changed", () => {
    expect(formatChanges({ same: 9 })).to.equal("no changes");
  });
});
