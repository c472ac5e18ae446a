import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Directories } from "../../../lab/host/directories.ts";
import { writeMinikubeLauncher } from "../../../lab/host/minikubeHome.ts";

describe("the lab's minikube", () => {
  let scratch: string;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "provenet-test-"));
  });

  afterEach(() => {
    rmSync(scratch, { recursive: true });
  });

  /** What the launcher of a lab passes to minikube. A script in place of nsenter prints it. */
  async function variablesIn(name: string): Promise<Map<string, string>> {
    const [cache, lab] = [join(scratch, "cache"), join(scratch, name)];
    const directories: Directories = { name, cache, lab, run: join(scratch, "run", name) };
    const launcher = join(scratch, `${name}-minikube`);
    await writeMinikubeLauncher(directories, "/parts/minikube", launcher);
    const nsenter = join(scratch, "nsenter");
    writeFileSync(nsenter, "#!/bin/sh\nexec env\n");
    chmodSync(nsenter, 0o755);
    const { stdout } = spawnSync(launcher, [], {
      env: { PATH: `${scratch}:${process.env.PATH ?? ""}` },
      encoding: "utf8",
    });
    const pairs = stdout.trim().split("\n");
    return new Map(pairs.map((pair) => pair.split("=", 2) as [string, string]));
  }

  it("reserves networks in its lab only, so that two labs can create a cluster at once", async () => {
    const folders = [];
    for (const name of ["one", "two"]) folders.push((await variablesIn(name)).get("TMPDIR"));
    expect(folders).to.deep.equal([join(scratch, "one", "tmp"), join(scratch, "two", "tmp")]);
    for (const folder of folders) expect(existsSync(folder ?? "")).to.equal(true);
  });
});
