import { expect } from "chai";

import { run } from "../../../stand-ins/command/shell.ts";
import type { Properties } from "../../../stand-ins/kit/values.ts";

const nothing = { stdout: "", stderr: "" };

async function shell(
  command: string,
  inputs: Properties = {},
  previous = nothing,
  cancelled: AbortSignal = new AbortController().signal,
) {
  const lines: string[] = [];
  const output = await run(command, inputs, previous, (line) => lines.push(line), cancelled);
  return { ...output, lines };
}

async function failure(running: Promise<unknown>): Promise<string> {
  try {
    await running;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it did not fail");
}

describe("a local command", () => {
  it("returns its output without the last line end, and logs each line", async () => {
    const { stdout, stderr, lines } = await shell("printf 'a\\nb\\n\\n'; printf 'c' >&2");
    expect(stdout).to.equal("a\nb\n");
    expect(stderr).to.equal("c");
    expect(lines).to.have.members(["a", "b", "", "c"]);
  });

  it("gets its folder, environment and stdin", async () => {
    const inputs = { dir: "/", environment: { NAME: "x y", COUNT: 2 }, stdin: "given" };
    const { stdout } = await shell('pwd; echo "$NAME $COUNT"; cat', inputs);
    expect(stdout).to.equal("/\nx y 2\ngiven");
  });

  it("runs in another interpreter", async () => {
    const { stdout } = await shell("1 + 1", { interpreter: [process.execPath, "-p"] });
    expect(stdout).to.equal("2");
  });

  it("gets the last output, unless it is disabled", async () => {
    const previous = { stdout: "out", stderr: "err" };
    const command = "echo $PULUMI_COMMAND_STDOUT $PULUMI_COMMAND_STDERR";
    expect((await shell(command, {}, previous)).stdout).to.equal("out err");
    const without = { addPreviousOutputInEnv: false };
    expect((await shell(command, without, previous)).stdout).to.equal("");
  });

  const logged: [string, string[]][] = [
    ["stdout", ["o"]],
    ["stderr", ["e"]],
    ["stdoutAndStderr", ["o", "e"]],
    ["none", []],
  ];
  for (const [logging, expected] of logged) {
    it(`shows the lines of ${logging}`, async () => {
      const { lines, stdout } = await shell("echo o; echo e >&2", { logging });
      expect(lines).to.have.members(expected);
      expect(stdout).to.equal("o");
    });
  }

  it("fails with its exit status and its output", async () => {
    const message = await failure(shell("echo before; echo why >&2; exit 3"));
    expect(message).to.match(/^exit status 3: running "echo before; [^]*before\n[^]*why/);
  });

  it("fails when its interpreter is missing", async () => {
    const message = await failure(shell("x", { interpreter: ["/no/such/program"] }));
    expect(message).to.contain("/no/such/program");
  });

  it("ends with its children when it is cancelled", async () => {
    const stop = new AbortController();
    const began = performance.now();
    const running = shell("sleep 60 & sleep 60; echo never", {}, nothing, stop.signal);
    setTimeout(() => {
      stop.abort();
    }, 100);
    expect(await failure(running)).to.contain("signal: SIGTERM");
    expect(performance.now() - began).to.be.lessThan(3_000);
  });

  it("may end without reading its stdin", async () => {
    const { stdout } = await shell("true", { stdin: "x".repeat(1_000_000) });
    expect(stdout).to.equal("");
  });
});
