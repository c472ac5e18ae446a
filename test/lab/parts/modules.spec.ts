import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { projectFile } from "../../../lab/build/part.ts";

/** Programs that share little with the others. */
const apart = ["kwok", "pause", "pulumi"];

/** CoreDNS and Calico use parts of Kubernetes' libraries that version 0.34 removed. */
const isApart = (program: string, module: string) =>
  ["calico", "coredns"].includes(program) && /^(?:sigs\.)?k8s\.io\/|\/gnostic-models$/.test(module);

/** Modules whose interface differs between the versions that two programs need. */
const different = [
  "github.com/opencontainers/cgroups",
  "github.com/mdlayher/socket",
  "github.com/prometheus/procfs",
  "gopkg.in/natefinch/lumberjack.v2",
  "github.com/olekukonko/tablewriter",
];

/** The version that go.mod selects for each module, with its replacements. */
function versionsIn(text: string): Map<string, string> {
  const required = [...text.matchAll(/^(?:require)?\s+(\S+) (v\S+)(?: \/\/ indirect)?$/gm)];
  const replaced = [...text.matchAll(/^(?:replace)?\s+(\S+) => (\S+(?: v\S+)?)$/gm)];
  return new Map([
    ...required.map(([, module = "", version = ""]) => [module, `${module} ${version}`] as const),
    ...replaced.map(([, module = "", version = ""]) => [module, version] as const),
  ]);
}

describe("the modules of Go programs", () => {
  const folder = projectFile("lab", "files", "modules");
  const versions = new Map<string, Map<string, string[]>>();
  for (const program of readdirSync(folder)) {
    if (apart.includes(program)) continue;
    const text = readFileSync(join(folder, program, "go.mod"), "utf8");
    for (const [module, version] of versionsIn(text)) {
      if (isApart(program, module)) continue;
      const known = versions.get(module) ?? new Map<string, string[]>();
      known.set(version, [...(known.get(version) ?? []), program]);
      versions.set(module, known);
    }
  }

  it("have one version for all programs, so that Go compiles each package once", () => {
    const several = [...versions]
      .filter(([module, { size }]) => size > 1 && !different.includes(module))
      .map(([module, uses]) => `${module}: ${JSON.stringify(Object.fromEntries(uses))}`);
    expect(several).to.deep.equal([]);
    expect(versions.size).to.be.greaterThan(300);
  });

  it("differ only where they must", () => {
    for (const module of different) expect(versions.get(module)?.size, module).to.equal(2);
  });

  it("are read with their replacements", () => {
    const text = [
      "require a.example/one v1.0.0",
      "require (",
      "\tb.example/two v1.2.3 // indirect",
      "\tc.example/three v0.1.0",
      ")",
      "replace c.example/three => c.example/three v0.2.0",
      "replace (",
      "\ta.example/one => ./one",
      ")",
    ].join("\n");
    expect(Object.fromEntries(versionsIn(text))).to.deep.equal({
      "a.example/one": "./one",
      "b.example/two": "b.example/two v1.2.3",
      "c.example/three": "c.example/three v0.2.0",
    });
  });
});
