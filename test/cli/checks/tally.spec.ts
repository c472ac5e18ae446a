import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { projectRoot } from "../../../cli/stack/project.ts";
import { formatTally, readReport, sumTallies } from "../../../cli/checks/tally.ts";

const reported = (passes: number, failures: number) =>
  JSON.stringify({ stats: { passes, failures, pending: 4 } });

describe("the count of a suite", () => {
  it("is mocha's count without skipped tests", () => {
    expect(readReport(reported(7, 2), 2)).to.deep.equal({ passed: 7, failed: 2 });
  });

  it("is one failure when no test ran", () => {
    expect(readReport(reported(0, 0), 0)).to.deep.equal({ passed: 0, failed: 1 });
  });

  it("is one failure when mocha died without a report", () => {
    expect(readReport(undefined, 137)).to.deep.equal({ passed: 0, failed: 1 });
    expect(readReport('{"stats": ', 1)).to.deep.equal({ passed: 0, failed: 1 });
  });

  it("has a failure when mocha fails although every test passed", () => {
    expect(readReport(reported(7, 0), 1)).to.deep.equal({ passed: 7, failed: 1 });
  });

  it("is summed up in one line", () => {
    const sum = sumTallies([
      { passed: 7, failed: 0 },
      { passed: 5, failed: 1 },
    ]);
    expect(formatTally(sum)).to.equal("12 passed, 1 failed");
  });

  it("comes from the report that mocha writes in addition to its list", () => {
    const folder = mkdtempSync(join(tmpdir(), "provenet-tally-"));
    const [test, report] = [join(folder, "a.spec.cjs"), join(folder, "report.json")];
    writeFileSync(test, 'it("holds", () => {}); it("breaks", () => { throw new Error("no"); });');
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        join(projectRoot, "node_modules/mocha/bin/mocha.js"),
        ...["--no-config", "--reporter", join(projectRoot, "cli/checks/mochaReporter.cjs")],
        ...["--reporter-option", `output=${report}`, test],
      ],
      { encoding: "utf8", cwd: folder },
    );
    expect(stdout)
      .to.match(/holds/)
      .and.to.match(/1\) breaks/);
    expect(readReport(readFileSync(report, "utf8"), status ?? 0)).to.deep.equal({
      ...{ passed: 1, failed: 1 },
    });
    rmSync(folder, { recursive: true });
  });
});
