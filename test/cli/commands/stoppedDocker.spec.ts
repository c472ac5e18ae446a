import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import { projectRoot, statePaths } from "../../../cli/stack/project.ts";

describe("while the Docker of a stack is stopped", function () {
  this.timeout(60_000);
  const lab = `test-${process.pid}`;
  const paths = statePaths(lab);
  const bin = mkdtempSync(join(tmpdir(), "provenet-docker-"));
  const onDocker = { dev: { place: "machine" } };

  before(() => {
    writeFileSync(join(bin, "docker"), "#!/bin/sh\nexit 1\n");
    chmodSync(join(bin, "docker"), 0o755);
  });

  beforeEach(() => {
    mkdirSync(dirname(paths.upRecord), { recursive: true });
    writeFileSync(paths.upRecord, JSON.stringify(onDocker));
  });

  after(() => {
    for (const folder of [bin, paths.directory]) rmSync(folder, { recursive: true, force: true });
  });

  function run(...args: readonly string[]) {
    const path = `${bin}:${process.env.PATH ?? ""}`;
    return spawnSync(process.execPath, ["cli/main.ts", ...args], {
      ...{ cwd: projectRoot, encoding: "utf8", timeout: 50_000 },
      env: { ...process.env, PATH: path, PROVENET_LAB: lab },
    });
  }

  for (const [args, exitCode] of [
    [["up", "dev"], 1],
    [["down", "dev"], 1],
    [["verify", "dev"], 3],
    [["shell", "--stack", "dev", "true"], 3],
  ] as const) {
    it(`${args[0]} is refused, and the record stays`, () => {
      const { status, stderr } = run(...args);
      expect(stderr).to.match(
        /^error: dev runs on this machine's Docker.*\nFix: start Docker, or /m,
      );
      expect(status).to.equal(exitCode);
      expect(JSON.parse(readFileSync(paths.upRecord, "utf8"))).to.deep.equal(onDocker);
    });
  }

  it("a command without an argument still uses that stack", () => {
    expect(run("verify").stderr).to.match(/^using dev, which is up\n/);
  });

  it("a command without an argument needs a name when another stack is up too", () => {
    const record = { ...onDocker, lab: { place: "lab" } };
    writeFileSync(paths.upRecord, JSON.stringify(record));
    const { status, stderr } = run("verify");
    expect(stderr).to.match(/dev and lab are up.*\nFix: name one of them/);
    expect(status).to.equal(2);
  });
});
