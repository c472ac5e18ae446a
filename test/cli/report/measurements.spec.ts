import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import {
  readMeasurements,
  recordMeasurement,
  lastCreation,
  type Measurement,
} from "../../../cli/report/measurements.ts";

const run = (started: string, created: number): Measurement => ({
  ...{ started, stack: "dev", changes: { create: created } },
  ...{ times: [{ stage: "deploy", seconds: 3 }] },
});

describe("measurements of earlier runs", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provenet-measurements-"));
    file = join(folder, "measurements.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are none at first, and none when their file was half-written", () => {
    expect(readMeasurements(file)).to.deep.equal([]);
    writeFileSync(file, '[{"started": ');
    expect(readMeasurements(file)).to.deep.equal([]);
  });

  it("are read as they were recorded, by their owner alone", () => {
    recordMeasurement(file, run("1", 40));
    expect(readMeasurements(file)).to.deep.equal([run("1", 40)]);
    expect(statSync(file).mode & 0o077).to.equal(0);
  });

  it("keep the newest twenty", () => {
    for (let number = 1; number <= 22; number += 1) recordMeasurement(file, run(String(number), 0));
    const kept = readMeasurements(file).map(({ started }) => started);
    expect(kept).to.have.length(20);
    expect(kept.at(-1)).to.equal("22");
  });

  it("prefer runs that created the cluster", () => {
    expect(lastCreation([run("1", 40), run("2", 0)])?.started).to.equal("1");
    expect(lastCreation([run("1", 0), run("2", 0)])?.started).to.equal("2");
    expect(lastCreation([])).to.equal(undefined);
  });
});
