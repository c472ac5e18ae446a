import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import {
  chooseStack,
  describeChoice,
  policySettingsOf,
  stackNames,
  labName,
  statePaths,
} from "../../../cli/stack/project.ts";
import { UserError } from "../../../messages/errors.ts";

function errorOf(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the stack of a command", () => {
  const existing = ["dev", "gke", "lab"];

  it("is dev by default on a machine with Docker and minikube", () => {
    const choice = chooseStack(undefined, existing, true, []);
    expect(choice.stackName).to.equal("dev");
    expect(describeChoice(choice)).to.equal(
      "stack: dev, because Docker and minikube are on this machine",
    );
  });

  it("is lab by default on any other machine", () => {
    const choice = chooseStack(undefined, existing, false, []);
    expect(choice.stackName).to.equal("lab");
    expect(describeChoice(choice)).to.equal(
      "stack: lab, because this machine lacks a working Docker and minikube",
    );
  });

  for (const hasBoth of [true, false]) {
    it(`is the named one ${hasBoth ? "with" : "without"} Docker and minikube`, () => {
      const choice = chooseStack("gke", existing, hasBoth, ["dev", "lab"]);
      expect(choice).to.deep.equal({ stackName: "gke" });
      expect(describeChoice(choice)).to.equal(undefined);
    });
  }

  for (const hasBoth of [true, false]) {
    it(`is the one that is up ${hasBoth ? "with" : "without"} Docker and minikube`, () => {
      const choice = chooseStack(undefined, existing, hasBoth, ["gke"]);
      expect(choice.stackName).to.equal("gke");
      expect(describeChoice(choice)).to.equal("using gke, which is up");
    });
  }

  it("must be named when several are up", () => {
    const error = errorOf(() => chooseStack(undefined, existing, true, ["dev", "lab"]));
    expect(error.message).to.equal("dev and lab are up, and this command needs one stack");
    expect(error.exitCode).to.equal(2);
  });

  it("is refused with the existing ones when it has no file", () => {
    const error = errorOf(() => chooseStack("prod", existing, true, []));
    expect(error.message).to.match(/^there is no stack "prod", because Pulumi\.prod\.yaml/);
    expect(error.fix).to.equal("use one of: dev, gke, lab");
    expect(error.exitCode).to.equal(2);
  });

  it("is refused when its name cannot be one", () => {
    const error = errorOf(() => chooseStack("../x", existing, true, []));
    expect(error.message).to.equal('"../x" is not the name of a stack');
    expect(error.fix).to.equal(`use one of: ${existing.join(", ")}`);
  });

  it("is refused with the file to create when no stack exists", () => {
    const { fix } = errorOf(() => chooseStack(undefined, [], true, []));
    expect(fix).to.match(/Pulumi\.dev\.yaml/);
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
    expect(stackNames(folder)).to.deep.equal(["dev", "eu.prod"]);
    rmSync(folder, { recursive: true });
  });
});

describe("the lab's name", () => {
  const { PROVENET_LAB } = process.env;
  afterEach(() => {
    if (PROVENET_LAB === undefined) delete process.env.PROVENET_LAB;
    else process.env.PROVENET_LAB = PROVENET_LAB;
  });

  it("is provenet by default, and the value of PROVENET_LAB", () => {
    delete process.env.PROVENET_LAB;
    expect(labName()).to.equal("provenet");
    process.env.PROVENET_LAB = "test-1";
    expect(labName()).to.equal("test-1");
  });

  for (const name of ["", "Test", "1st", "a b", "../x", "twenty-one-characters"]) {
    it(`is refused when it is ${JSON.stringify(name)}`, () => {
      process.env.PROVENET_LAB = name;
      expect(errorOf(() => labName()).exitCode).to.equal(2);
    });
  }

  it("keeps the state of two labs apart", () => {
    const [one, two] = [statePaths("one", "/p"), statePaths("two", "/p")];
    expect(one.passphrase).to.equal("/p/.provenet/one/passphrase");
    expect(two.backend).to.equal("/p/.provenet/two/state");
  });
});

describe("the settings of a stack's policies", () => {
  it("are in a file next to the stack file, if there is one", () => {
    const root = mkdtempSync(join(tmpdir(), "provenet-project-"));
    const file = join(root, "Pulumi.gke.policies.json");
    writeFileSync(file, "{}");
    expect(policySettingsOf("gke", root)).to.equal(file);
    expect(policySettingsOf("dev", root)).to.equal(undefined);
    rmSync(root, { recursive: true });
  });
});
