import { expect } from "chai";
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Listr } from "listr2";

import { decide, storeOf } from "../../lab/decide.ts";
import { prepareTasks } from "../../lab/tasks.ts";

describe("the preparation", () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "provenet-tasks-"));
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  async function linkCrds(): Promise<string> {
    const decision = await decide("preview");
    const { signal } = new AbortController();
    const tasks = prepareTasks(decision, { project, pulumiHome: join(project, "home"), signal });
    const task = tasks.filter(({ title }) => title === "link the CRDs");
    await new Listr(task, { renderer: "silent" }).run();
    return storeOf(decision.directories).directoryOf("crds");
  }

  it("links the CRDs to where a plain pulumi up reads them, also when an older link is there", async () => {
    const link = join(project, ".provenet", "crds");
    const built = await linkCrds();
    expect(readlinkSync(link)).to.equal(built);
    await linkCrds();
    expect(readlinkSync(link)).to.equal(built);
  });

  it("leaves a folder that the user has put there", async () => {
    const folder = join(project, ".provenet", "crds");
    mkdirSync(folder, { recursive: true });
    await linkCrds();
    expect(statSync(folder).isDirectory()).to.equal(true);
    expect(() => readlinkSync(folder)).to.throw("EINVAL");
  });
});
