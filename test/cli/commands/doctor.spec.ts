import { expect } from "chai";

import { doctorReport, formatDoctor } from "../../../cli/commands/doctor.ts";
import type { Decision } from "../../../cli/stack/lab.ts";

const missing = [
  { name: "pulumi", kind: "go program", version: "v3", seconds: 90, megabytes: 200 },
];

const decision = {
  purpose: "cluster",
  directories: { name: "test", cache: "/cache", lab: "/cache/labs/test", run: "/run/test" },
  tools: [
    { tool: "go", path: "/usr/bin/go", version: "go1.26", official: "https://go.dev" },
    { tool: "pulumi", official: "https://pulumi.test" },
    { tool: "docker", path: "/bin/docker", problem: "it sleeps", official: "https://docker.test" },
  ],
  ...{ officialPulumi: false, officialDocker: false, officialMinikube: false },
  uses: ["pulumi"],
  missing,
  estimate: { seconds: 90, peakMegabytes: 17_500, megabytes: 200 },
  hostChanges: ["two network namespaces"],
  obstacles: [],
} as unknown as Decision;

describe("the report of doctor", () => {
  it("names each program with its path, or the official way to install it", () => {
    const text = formatDoctor(decision, 50_000);
    expect(text).to.match(/^ {2}go +go1\.26 +\/usr\/bin\/go$/m);
    expect(text).to.match(/^ {2}pulumi +not found +the lab brings one.*https:\/\/pulumi\.test$/m);
    expect(text).to.match(/^ {2}docker +does not work +it sleeps; the lab brings one/m);
  });

  it("names the time and space of what would be built", () => {
    expect(formatDoctor(decision, 50_000)).to.match(/about 1 min 30 s .* 17\.5 GB .* 200 MB/);
  });

  it("says that nothing would be built when all parts are there", () => {
    const whole = { ...decision, missing: [] };
    expect(formatDoctor(whole, 50_000)).to.contain("nothing, because all parts are there");
  });

  it("names the changes to the machine", () => {
    expect(formatDoctor(decision, 50_000)).to.contain("  two network namespaces\n");
  });

  it("counts a disk that is too small among the obstacles, with both figures", () => {
    const [obstacle] = doctorReport(decision, 3000).obstacles;
    expect(obstacle).to.match(/\/cache has 3\.0 GB free and the build needs 17\.5 GB/);
    expect(doctorReport(decision, 50_000).obstacles).to.deep.equal([]);
  });

  it("is also available as JSON", () => {
    const report = doctorReport(decision, 50_000);
    expect(report).to.include({ schemaVersion: 1, usesLab: true, cache: "/cache" });
    expect(report.build).to.deep.equal(missing);
    expect(report.tools[1]).to.include({ tool: "pulumi", path: null });
  });
});
