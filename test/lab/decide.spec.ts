import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { decide, hasDockerAndMinikube } from "../../lab/decide.ts";
import { directoriesOf } from "../../lab/host/directories.ts";
import { findTool, findTools, isUsable, type ToolName } from "../../lab/host/findTools.ts";
import { describeLab } from "../../lab/lab.ts";
import { UserError } from "../../messages/errors.ts";

/** Writes executable scripts with the given bodies. */
async function programs(folder: string, answers: Record<string, string>): Promise<void> {
  for (const [name, body] of Object.entries(answers)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
}

describe("a program on PATH", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provenet-path-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const tool = async (name: ToolName) => findTool(await findTools(folder), name);

  it("has its path and its version", async () => {
    await programs(folder, { minikube: "echo v1.38.1" });
    const found = await tool("minikube");
    expect(found).to.include({ path: join(folder, "minikube"), version: "v1.38.1" });
    expect(isUsable(found)).to.equal(true);
  });

  it("has its error message when it does not run", async () => {
    await programs(folder, { docker: "echo 'permission denied on the socket' >&2; exit 1" });
    const found = await tool("docker");
    expect(found).to.include({ problem: "permission denied on the socket" });
    expect(isUsable(found)).to.equal(false);
  });

  it("is missing, with upstream's installation page", async () => {
    const found = await tool("pulumi");
    expect(found).to.not.have.property("path");
    expect(found?.official).to.match(/^https:\/\/www\.pulumi\.com\//);
    expect(isUsable(found)).to.equal(false);
  });

  it("excludes files that cannot be executed", async () => {
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

  it("uses the machine's Pulumi, minikube and running Docker", async () => {
    await programs(folder, official);
    const decision = await decide("cluster", { labName: "x" });
    expect(decision).to.include({
      officialPulumi: true,
      officialDocker: true,
      officialMinikube: true,
    });
    expect(decision.uses).to.deep.equal(["crds"]);
    expect(decision.hostChanges).to.deep.equal([]);
    const lab = describeLab(decision, "/home/pulumi");
    expect(lab.enter("client")).to.deep.equal([]);
    expect(lab.env.PATH).to.not.contain(join(folder, "provenet", "labs"));
    expect(lab.env).to.not.have.property("DOCKER_HOST");
    expect(lab.env).to.not.have.property("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION");
    expect(Object.keys(lab.machine())).to.deep.equal(["crdsDirectory"]);
  });

  it("does not take a lab's own programs for the machine's, also in the lab's shell", async () => {
    const labs = join(folder, "provenet", "labs", "x", "bin");
    await mkdir(labs, { recursive: true });
    await programs(labs, official);
    process.env.PATH = `${labs}:${labs}/../bin`;
    expect(await decide("cluster", { labName: "x" })).to.include({
      officialPulumi: false,
      officialDocker: false,
      officialMinikube: false,
    });
  });

  it("uses the lab where no Docker answers, and lists its changes", async () => {
    await programs(folder, { ...official, docker: "exit 1" });
    const decision = await decide("cluster", { labName: "x" });
    expect(decision).to.include({
      officialPulumi: false,
      officialDocker: false,
      officialMinikube: false,
    });
    expect(decision.uses).to.include.members(["pulumi", "minikube", "preload", "image-node"]);
    expect(decision.hostChanges.join("\n"))
      .to.match(/x-client and x-router/)
      .and.match(/privileged containers.*sysctls/);
    const lab = describeLab(decision, "/home/pulumi");
    expect(lab.enter("client")).to.deep.equal(["nsenter", "--net=/run/netns/x-client", "--"]);
    expect(lab.machine()).to.deep.include({
      imageSource: "lab",
      router: "netns:/run/netns/x-router",
      vantageIds: {},
    });
  });

  it("uses the machine's Pulumi without Docker for a cluster that is not in the lab", async () => {
    await programs(folder, { ...official, docker: "exit 1" });
    const decision = await decide("preview", { labName: "x", labCluster: false });
    expect(decision).to.include({ officialPulumi: true, officialDocker: false });
    expect(decision.uses).to.deep.equal(["crds"]);
  });

  it("does not ask a lab's Docker, whose address the lab's shell sets", async () => {
    await programs(folder, { docker: 'test -z "$DOCKER_HOST" || echo 28.0.0' });
    const { DOCKER_HOST } = process.env;
    const versionAt = async (address: string) => {
      process.env.DOCKER_HOST = address;
      return findTool(await findTools(), "docker")?.version;
    };
    try {
      expect(await versionAt("unix:///run/provenet/x/docker.sock")).to.equal("");
      expect(await versionAt("unix:///run/user/1000/docker.sock")).to.equal("28.0.0");
    } finally {
      if (DOCKER_HOST === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = DOCKER_HOST;
    }
  });

  it("uses the lab in spite of a running Docker when the stack needs it", async () => {
    await programs(folder, official);
    const decision = await decide("cluster", { labName: "x", labOnly: true });
    expect(decision).to.include({ officialDocker: false, officialMinikube: false });
    expect(decision.uses).to.include.members(["minikube", "preload", "image-node"]);
  });

  for (const [title, answers, expected] of [
    ["both work", official, true],
    ["Docker does not answer", { ...official, docker: "exit 1" }, false],
    ["minikube is missing", { docker: official.docker }, false],
  ] as const) {
    it(`${expected ? "finds" : "misses"} Docker and minikube when ${title}`, async () => {
      await programs(folder, answers);
      expect(hasDockerAndMinikube(await findTools())).to.equal(expected);
    });
  }

  it("builds only an engine for a preview, and only a control plane for its tests", async () => {
    expect((await decide("preview", { labName: "x" })).uses).to.deep.equal(["crds", "pulumi"]);
    expect((await decide("engine tests", { labName: "x" })).uses).to.deep.equal([
      "pulumi",
      "kubernetes",
      "etcd",
      "kwok",
      "crds",
    ]);
  });

  it("lists all obstacles at once, each with its fix", async () => {
    const { obstacles } = await decide("cluster", { labName: "x" });
    const all = obstacles.map(({ what, fix }) => `${what}: ${fix}`).join("\n");
    expect(all).to.match(/install Go/);
    expect(all).to.match(/found none/);
    expect(all).to.match(/needs nsenter: apt-get install util-linux/);
  });

  it("distinguishes a Docker that refuses the user from a missing one", async () => {
    await programs(folder, {
      ...official,
      docker: "echo 'permission denied while trying to connect' >&2; exit 1",
    });
    const { obstacles } = await decide("cluster", { labName: "x" });
    expect(obstacles.map(({ fix }) => fix).join()).to.match(/add the user to the group docker/);
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
      expect(() => directoriesOf(name)).to.throw(UserError, /PROVENET_LAB/);
    });
  }
});
