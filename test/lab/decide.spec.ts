import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { decide } from "../../lab/decide.ts";
import { directoriesOf } from "../../lab/directories.ts";
import { LabFault } from "../../lab/fault.ts";
import { findTools, isUsable } from "../../lab/host/findTools.ts";
import { describeLab } from "../../lab/lab.ts";

/** Programs that answer as the real ones do, as far as anybody asks. */
async function programs(folder: string, answers: Record<string, string>): Promise<void> {
  for (const [name, body] of Object.entries(answers)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
}

describe("what is found on PATH", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provenet-path-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const tool = async (name: string) =>
    (await findTools(folder)).find((candidate) => candidate.tool === name);

  it("is told with its path and its version", async () => {
    await programs(folder, { minikube: "echo v1.38.1" });
    const found = await tool("minikube");
    expect(found).to.include({ path: join(folder, "minikube"), version: "v1.38.1" });
    expect(isUsable(found)).to.equal(true);
  });

  it("is told with what is wrong with it, when it does not run", async () => {
    await programs(folder, { docker: "echo 'permission denied on the socket' >&2; exit 1" });
    const found = await tool("docker");
    expect(found).to.include({ problem: "permission denied on the socket" });
    expect(isUsable(found)).to.equal(false);
  });

  it("is told to be missing, with where its maker tells how to install it", async () => {
    const found = await tool("pulumi");
    expect(found).to.not.have.property("path");
    expect(found?.official).to.match(/^https:\/\/www\.pulumi\.com\//);
    expect(isUsable(found)).to.equal(false);
  });

  it("is no folder and no file that cannot be executed", async () => {
    await writeFile(join(folder, "pulumi"), "");
    expect(await tool("pulumi")).to.not.have.property("path");
  });
});

describe("the decision", () => {
  let folder: string;
  const { PATH, XDG_CACHE_HOME } = process.env;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provenet-decide-"));
    process.env.PATH = folder;
    process.env.XDG_CACHE_HOME = folder;
  });
  afterEach(async () => {
    process.env.PATH = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
    await rm(folder, { recursive: true, force: true });
  });
  const official = { pulumi: "echo v3.200.0", minikube: "echo v1.38.1", docker: "echo 28.0.0" };

  it("uses exactly what is there when Pulumi, minikube and a running Docker are", async () => {
    await programs(folder, official);
    const decision = await decide("cluster", "x");
    expect(decision).to.include({
      officialPulumi: true,
      officialDocker: true,
      officialMinikube: true,
    });
    expect(decision.uses).to.deep.equal(["definitions"]);
    expect(decision.hostChanges).to.deep.equal([]);
    const lab = describeLab(decision, "/home/pulumi");
    expect(lab.enter("client")).to.deep.equal([]);
    expect(lab.environment["PATH"]).to.not.contain(join(folder, "provenet", "labs"));
    expect(lab.environment).to.not.have.property("DOCKER_HOST");
    expect(lab.environment).to.not.have.property("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION");
    expect(Object.keys(lab.overlay())).to.deep.equal(["definitionsDirectory"]);
  });

  it("takes the lab where no Docker answers, and says what that changes", async () => {
    await programs(folder, { ...official, docker: "exit 1" });
    const decision = await decide("cluster", "x");
    expect(decision).to.include({
      officialPulumi: true,
      officialDocker: false,
      officialMinikube: false,
    });
    expect(decision.uses).to.include.members(["minikube", "preload", "image-node"]);
    expect(decision.uses).to.not.include("pulumi");
    expect(decision.hostChanges.join("\n")).to.match(/x-client and x-lab/);
    const lab = describeLab(decision, "/home/pulumi");
    expect(lab.enter("client")).to.deep.equal(["nsenter", "--net=/run/netns/x-client", "--"]);
    expect(lab.overlay()).to.include({ imageSource: "lab", router: "netns:/run/netns/x-lab" });
  });

  it("builds only an engine for a preview, and only a control plane for its tests", async () => {
    expect((await decide("preview", "x")).uses).to.deep.equal(["definitions", "pulumi"]);
    expect((await decide("engine tests", "x")).uses).to.deep.equal([
      "pulumi",
      "kubernetes",
      "etcd",
      "kwok",
      "definitions",
    ]);
  });

  it("names everything that stands in the way at once, each with its remedy", async () => {
    const { obstacles } = await decide("cluster", "x");
    const all = obstacles.join("\n");
    expect(all).to.match(/install Go/);
    expect(all).to.match(/no apt-get/);
    expect(all).to.match(/needs nsenter: apt-get install util-linux/);
  });

  it("tells a Docker that does not admit the user from one that is not there", async () => {
    await programs(folder, {
      ...official,
      docker: "echo 'permission denied while trying to connect' >&2; exit 1",
    });
    const { obstacles } = await decide("cluster", "x");
    expect(obstacles.join("\n")).to.match(/add the user to the group docker/);
  });
});

describe("a lab's name", () => {
  it("names its folders", () => {
    const directories = directoriesOf("test-1");
    expect(directories.run).to.equal("/run/provenet/test-1");
    expect(directories.lab).to.match(/\/provenet\/labs\/test-1$/);
  });

  for (const name of ["", "Lab", "1st", "a/b", "a b", "a".repeat(21), "../x"]) {
    it(`is not ${JSON.stringify(name)}`, () => {
      expect(() => directoriesOf(name)).to.throw(LabFault, /PROVENET_LAB/);
    });
  }
});
