import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";

import { parseTimeline } from "../../../cli/bench/shares.ts";
import { projectRoot } from "../../../cli/stack/project.ts";

describe("the timeline of a Node process", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provenet-timeline-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const recorder = join(projectRoot, "cli/bench/timeline.cjs");

  async function run(code: string) {
    const script = join(folder, "script.cjs");
    writeFileSync(script, code);
    const timeline = join(folder, "timeline");
    const env = { PROVENET_TIMELINE: timeline };
    const { stdout } = await execa(process.execPath, ["--require", recorder, script], { env });
    return { stdout, events: parseTimeline(readFileSync(timeline, "utf8")) };
  }

  it("has its start, one outermost import of the SDK, its first line and its end", async () => {
    const sdk = join(projectRoot, "node_modules/@pulumi/pulumi/version.js");
    const { stdout, events } = await run(
      `const sdk = ${JSON.stringify(sdk)}; require(sdk); require(sdk); console.log(1); console.log(2);`,
    );
    expect(stdout).to.equal("1\n2");
    expect(events.map(({ kind }) => kind)).to.deep.equal(["start", "sdk", "ready", "end"]);
    expect(events.every(({ from, to }) => from <= to)).to.equal(true);
  });

  it("has no import of the SDK in a program without one", async () => {
    const { events } = await run("require('node:fs');");
    expect(events.map(({ kind }) => kind)).to.deep.equal(["start", "end"]);
  });
});
