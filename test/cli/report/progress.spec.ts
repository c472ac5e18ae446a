import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Listr, type ListrTask } from "listr2";

import { PlainRenderer } from "../../../cli/report/plainRenderer.ts";
import { showElapsed } from "../../../cli/report/progress.ts";

/** Runs tasks in plain mode and returns the lines, with every time as 0 s. */
async function plain(
  tasks: ListrTask<unknown, typeof PlainRenderer>[],
  patience = { announce: 5000, repeat: 5000 },
) {
  let text = "";
  const write = (line: string) => (text += line);
  const list = new Listr<unknown, typeof PlainRenderer>(tasks, {
    renderer: PlainRenderer,
    rendererOptions: { write, patience },
    registerSignalListeners: false,
  });
  const error = await list.run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return {
    lines: text
      .replace(/\d+\.\d s/g, "0 s")
      .trim()
      .split("\n"),
    error,
  };
}

describe("progress in plain lines", () => {
  it("is one line for each step, when it ends", async () => {
    const { lines } = await plain([
      { title: "one", task: () => undefined },
      { title: "two", task: () => undefined },
    ]);
    expect(lines).to.deep.equal(["one (0 s)", "two (0 s)"]);
  });

  it("omits a step that consists of inner steps", async () => {
    const inner = [{ title: "inner", task: () => undefined }];
    const { lines } = await plain([{ title: "outer", task: (_, task) => task.newListr(inner) }]);
    expect(lines).to.deep.equal(["inner (0 s)"]);
  });

  it("names the failed step without the reason, which the report has", async () => {
    const fail = () => {
      throw new Error("boom");
    };
    const { lines, error } = await plain([{ title: "one", task: fail }]);
    expect(lines).to.deep.equal(["one: failed after 0 s"]);
    expect((error as Error).message).to.equal("boom");
  });

  it("omits a skipped step", async () => {
    const { lines } = await plain([{ title: "one", skip: true, task: () => undefined }]);
    expect(lines).to.deep.equal([""]);
  });

  it("shows the start and the latest output of a long step", async () => {
    const task: ListrTask<unknown, typeof PlainRenderer> = {
      title: "long",
      task: async (_, self) => {
        self.output = "half of it\n";
        await sleep(60);
      },
    };
    const { lines } = await plain([task], { announce: 10, repeat: 25 });
    expect(lines.slice(0, 2)).to.deep.equal(["long …", "long: half of it (0 s)"]);
    expect(lines.at(-1)).to.equal("long (0 s)");
  });
});

describe("the elapsed seconds after a step's title", () => {
  const step = (title: string) => {
    let pending = true;
    return {
      title,
      subtasks: [],
      isPending: () => pending,
      hasSubtasks: () => false,
      end: () => {
        pending = false;
      },
    };
  };

  it("appear while the step runs and disappear when it ends", async () => {
    const task = step("build");
    const stop = showElapsed(() => [task], 20);
    await sleep(60);
    expect(task.title).to.match(/^build {2}\d/);
    task.end();
    stop();
    expect(task.title).to.equal("build");
  });

  it("do not appear before the step starts", () => {
    const task = { title: "build", isPending: () => false, hasSubtasks: () => false };
    showElapsed(() => [task])();
    expect(task.title).to.equal("build");
  });

  it("never appear on a step that does not run", () => {
    const task = step("build");
    task.end();
    showElapsed(() => [task])();
    expect(task.title).to.equal("build");
  });
});
