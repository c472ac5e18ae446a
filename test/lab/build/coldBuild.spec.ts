import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";
import { Listr, type ListrTask } from "listr2";

import type { BuildContext, Part } from "../../../lab/build/part.ts";
import { coldBuild } from "../../../lab/build/coldBuild.ts";
import { part } from "./given.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "provenet-cold-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (tasks: readonly ListrTask[]): Promise<void> =>
  new Listr([...tasks], { renderer: "silent", concurrent: false }).run().then(() => undefined);

const build = (table: readonly Part[], names: readonly string[]) =>
  coldBuild({ folder, table, names, run, signal: new AbortController().signal });

describe("a cold build", () => {
  it("measures the parts that are built, and no others", async () => {
    const { parts, estimate } = await build(
      [
        part("one", { kind: "image", seconds: 4 }),
        part("two", { needs: ["one"], kind: "preload", seconds: 3 }),
        part("unused"),
      ],
      ["two"],
    );
    expect(parts.map(({ name, estimated }) => [name, estimated])).to.deep.equal([
      ["one", 4],
      ["two", 3],
    ]);
    expect(estimate.seconds).to.equal(7);
  });

  it("counts the processor time of the programs that a part starts", async () => {
    const busy = part("busy", {
      build: async () => {
        await execa(process.execPath, ["-e", "while (process.cpuUsage().user < 3e5);"]);
      },
    });
    expect((await build([busy], ["busy"])).processorSeconds).to.be.greaterThan(0.3);
  });

  it("counts the space that a part takes only while it is built", async () => {
    const megabytes = 64;
    const large = part("large", {
      build: async ({ output }: BuildContext) => {
        await writeFile(join(output, "scratch"), Buffer.alloc(megabytes * 1e6, 1));
        await execa("sync", [join(output, "scratch")]);
        await new Promise((resolve) => setTimeout(resolve, 1200));
        await rm(join(output, "scratch"));
      },
    });
    expect((await build([large], ["large"])).peakMegabytes).to.be.greaterThan(megabytes / 2);
  });

  it("leaves nothing behind, not even after a failure", async () => {
    let cache = "";
    const failing = part("failing", {
      build: (context) => {
        ({ cache } = context);
        return Promise.reject(new Error("no"));
      },
    });
    const outcome = await build([failing], ["failing"]).catch((error: unknown) => error);
    expect(String(outcome)).to.contain("no");
    expect(cache).to.match(/cold-/);
    expect(existsSync(cache)).to.equal(false);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
