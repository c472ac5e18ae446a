import { expect } from "chai";
import fc from "fast-check";

import {
  divide,
  formatShares,
  parseTimeline,
  parts,
  type TimelineEvent,
} from "../../../cli/bench/shares.ts";

const script = {
  host: "/p/stand-ins/language-host/main.ts",
  plugin: "/p/stand-ins/kubernetes/main.ts",
  pack: "/p/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js",
  program: "/p/node_modules/@pulumi/pulumi/cmd/run/index.js",
};

const event = (
  of: keyof typeof script,
  kind: TimelineEvent["kind"],
  from: number,
  to: number,
  processor = 0,
): TimelineEvent => ({ pid: 1, script: script[of], kind, from, to, processor });

describe("the parts of a preview", () => {
  it("are all the engine's when no process of Node was seen", () => {
    expect(divide([], 1000, 1300)).to.deep.equal({
      ...{ "process start": 0, "SDK import": 0, plugins: 0, pack: 0, program: 0, engine: 300 },
    });
  });

  it("count each moment once, for the part that takes precedence", () => {
    const events = [
      event("host", "start", 100, 110),
      event("host", "ready", 100, 160),
      event("pack", "start", 200, 210),
      event("pack", "sdk", 220, 260),
      event("pack", "ready", 200, 300),
    ];
    expect(divide(events, 0, 400)).to.deep.equal({
      ...{ "process start": 20, "SDK import": 40, plugins: 50, pack: 50, program: 0, engine: 240 },
    });
  });

  it("count the program by its processor time, and its waiting as the engine's", () => {
    const events = [
      event("program", "start", 0, 10, 10),
      event("program", "sdk", 10, 30, 30),
      event("program", "end", 0, 110, 70),
    ];
    const { program, engine } = divide(events, 0, 110);
    expect({ program, engine }).to.deep.equal({ program: 40, engine: 40 });
  });

  it("omit what a plugin does after it has printed its port", () => {
    const events = [event("plugin", "ready", 0, 10), event("plugin", "end", 0, 100)];
    expect(divide(events, 0, 100)).to.include({ plugins: 10, engine: 90 });
  });

  it("add up to the whole for any events", () => {
    const moment = fc.integer({ min: -50, max: 350 });
    const anyEvent = fc
      .record({
        of: fc.constantFrom("host", "plugin", "pack", "program"),
        kind: fc.constantFrom("start", "sdk", "ready", "end"),
        span: fc.tuple(moment, moment),
        processor: fc.nat(300),
      } as const)
      .map(({ of, kind, span: [one, other], processor }) =>
        event(of, kind, Math.min(one, other), Math.max(one, other), processor),
      );
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const times = Object.values(divide(events, 0, 300));
        expect(times.every((time) => time >= 0)).to.equal(true);
        expect(times.reduce((sum, time) => sum + time, 0)).to.be.closeTo(300, 1e-6);
      }),
    );
  });

  it("are read from lines, without one that a killed process left unfinished", () => {
    const whole = event("pack", "ready", 1, 2);
    expect(parseTimeline(`${JSON.stringify(whole)}\n{"pid":1,"ki`)).to.deep.equal([whole]);
  });

  it("are reported as shares, the largest first", () => {
    const times = Object.fromEntries(parts.map((part, index) => [part, index])) as never;
    expect(formatShares(times)).to.equal(
      "engine 33 %, program 27 %, pack 20 %, plugins 13 %, SDK import 7 %, process start 0 %",
    );
  });
});
