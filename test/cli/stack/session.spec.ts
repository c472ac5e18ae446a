import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import { statePaths } from "../../../cli/stack/project.ts";
import { openSession, type Session } from "../../../cli/stack/session.ts";
import type { UpRecord } from "../../../cli/stack/upRecord.ts";

describe("the place that a command sends requests from", () => {
  const lab = `test-${process.pid}`;
  const paths = statePaths(lab);
  const bin = mkdtempSync(join(tmpdir(), "provenet-session-"));
  const outer = { PATH: process.env.PATH, PROVENET_LAB: process.env.PROVENET_LAB };

  const write = (program: string, exitCode: number) => {
    writeFileSync(join(bin, program), `#!/bin/sh\necho 1\nexit ${exitCode}\n`);
    chmodSync(join(bin, program), 0o755);
  };

  /** Opens a stack that `up` recorded, on a machine whose Docker works or not. */
  async function open(stack: string, record: UpRecord, dockerWorks: boolean): Promise<Session> {
    for (const program of ["docker", "minikube", "pulumi"]) write(program, dockerWorks ? 0 : 1);
    mkdirSync(dirname(paths.upRecord), { recursive: true });
    writeFileSync(paths.upRecord, JSON.stringify(record));
    return openSession(stack, "cluster");
  }

  beforeEach(() => {
    process.env.PATH = `${bin}:${outer.PATH ?? ""}`;
    process.env.PROVENET_LAB = lab;
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(outer)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });
  after(() => {
    for (const folder of [bin, paths.directory]) rmSync(folder, { recursive: true, force: true });
  });

  it("is the lab that up recorded, also where Docker and minikube work", async () => {
    const { workplace } = await open("dev", { dev: { place: "lab" } }, true);
    expect({ inLab: workplace.inLab, isUp: workplace.isUp() }).to.deep.equal({
      inLab: true,
      isUp: false,
    });
  });

  it("is the lab that up recorded, also after the file has another kind of cluster", async () => {
    const { workplace, decision } = await open("gke", { gke: { place: "lab" } }, true);
    expect({ inLab: workplace.inLab, isUp: workplace.isUp() }).to.deep.equal({
      inLab: true,
      isUp: false,
    });
    expect(decision.officialPulumi).to.equal(false);
  });

  it("is decided for a stack that is not up", async () => {
    expect((await open("dev", {}, true)).workplace.inLab).to.equal(false);
    expect((await open("dev", {}, false)).workplace.inLab).to.equal(true);
    expect((await open("gke", {}, false)).workplace.inLab).to.equal(false);
  });
});
