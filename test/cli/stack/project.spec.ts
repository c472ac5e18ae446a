import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { CommandFault } from "../../../cli/report/fault.ts";
import {
  chooseEnvironment,
  environments,
  labName,
  statePaths,
} from "../../../cli/stack/project.ts";

function faultOf(act: () => unknown): CommandFault {
  try {
    act();
  } catch (error) {
    if (error instanceof CommandFault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the environment of a command", () => {
  it("is dev when none is named", () => {
    expect(chooseEnvironment(undefined, ["dev", "gke"])).to.equal("dev");
  });

  it("is the one that is named", () => {
    expect(chooseEnvironment("gke", ["dev", "gke"])).to.equal("gke");
  });

  it("is refused with those that exist when there is no file for it", () => {
    const fault = faultOf(() => chooseEnvironment("prod", ["dev", "gke"]));
    expect(fault.message).to.equal('there is no environment "prod"');
    expect(fault.remedy).to.match(/^write one of: dev, gke /);
    expect(fault.exitCode).to.equal(2);
  });

  it("is refused with what to write first when no environment exists", () => {
    expect(faultOf(() => chooseEnvironment(undefined, [])).remedy).to.match(/Pulumi\.dev\.yaml/);
  });

  it("exists where a stack file does", () => {
    const folder = mkdtempSync(join(tmpdir(), "provenet-project-"));
    const files = [
      "Pulumi.yaml",
      "Pulumi.dev.yaml",
      "Pulumi.eu.prod.yaml",
      "Pulumi.x.yml",
      "a.yaml",
    ];
    for (const file of files) writeFileSync(join(folder, file), "");
    expect(environments(folder)).to.deep.equal(["dev", "eu.prod"]);
    rmSync(folder, { recursive: true });
  });
});

describe("the lab's name", () => {
  it("is provenet unless PROVENET_LAB says otherwise", () => {
    expect(labName({})).to.equal("provenet");
    expect(labName({ PROVENET_LAB: "test-1" })).to.equal("test-1");
  });

  for (const name of ["", "Test", "1st", "a b", "../x", "twenty-one-characters"]) {
    it(`is refused when it is ${JSON.stringify(name)}`, () => {
      expect(faultOf(() => labName({ PROVENET_LAB: name })).exitCode).to.equal(2);
    });
  }

  it("keeps the state of two labs apart", () => {
    const [one, two] = [statePaths("one", "/p"), statePaths("two", "/p")];
    expect(one.passphrase).to.equal("/p/.provenet/one/passphrase");
    expect(two.backend).to.equal("/p/.provenet/two/state");
  });
});
