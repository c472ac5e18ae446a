import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { installStandIns } from "../../stand-ins/install.ts";

describe("the installation of the stand-ins", () => {
  let root: string;
  const at = (...parts: string[]) => path.join(root, ...parts);

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "it's a stand-in "));
    await mkdir(at("home", "logs"), { recursive: true });
    await writeFile(at("home", "logs", "old.log"), "");
    await writeFile(at("real"), "the engine", { mode: 0o755 });
    await symlink(at("real"), at("pulumi"));
    // A node that says what it was started with.
    await writeFile(at("node"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const places = {
      node: at("node"),
      pulumiBinary: at("pulumi"),
      directory: at("bin"),
      pulumiHome: at("home"),
    };
    await installStandIns(places);
    await installStandIns(places);
  });

  after(async () => {
    await rm(root, { recursive: true });
  });

  it("hard-links the engine into the folder of the language host", async () => {
    expect((await readdir(at("bin"))).sort()).to.deep.equal(["pulumi", "pulumi-language-nodejs"]);
    expect((await lstat(at("bin", "pulumi"))).isFile()).to.equal(true);
    expect(await readFile(at("bin", "pulumi"), "utf8")).to.equal("the engine");
  });

  it("installs each plugin under its version", async () => {
    expect((await readdir(at("home", "plugins"))).sort()).to.deep.equal([
      "resource-command-v1.2.1",
      "resource-gcp-v9.37.0",
      "resource-kubernetes-v4.34.2",
    ]);
  });

  it("replaces the engine's log folder with a file", async () => {
    expect((await lstat(at("home", "logs"))).isFile()).to.equal(true);
  });

  it("writes launchers that pass on all arguments, with any characters in the paths", () => {
    const launcher = at("home", "plugins", "resource-command-v1.2.1", "pulumi-resource-command");
    const lines = execFileSync(launcher, ["127.0.0.1:1", "a b"], { encoding: "utf8" })
      .trim()
      .split("\n");
    expect(lines.at(-3)).to.match(/stand-ins\/command\/main\.ts$/);
    expect(lines.slice(-2)).to.deep.equal(["127.0.0.1:1", "a b"]);
  });
});
