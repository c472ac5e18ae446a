import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { expect } from "chai";

import { errorGate } from "../../../cli/stack/child.ts";

describe("the gate for errors", () => {
  const through = (...chunks: readonly string[]) => {
    let passed = "";
    const gate = errorGate((text) => (passed += text));
    chunks.forEach(gate.write);
    const held = gate.end();
    return { passed, held };
  };

  it("passes other lines on, including a last line without a newline", () => {
    expect(through("warning: a\n", "b")).to.deep.equal({ passed: "warning: a\nb", held: "" });
  });

  it("keeps everything from the first error on", () => {
    expect(through("a\nerror: b\n", "c\n")).to.deep.equal({ passed: "a\n", held: "error: b\nc\n" });
  });

  it("recognizes an error that arrives in pieces", () => {
    expect(through("a\ner", "ror: b")).to.deep.equal({ passed: "a\n", held: "error: b" });
  });

  it("ignores the word in the middle of a line", () => {
    expect(through("no error: here\n").held).to.equal("");
  });
});

describe("a program in the foreground", () => {
  const module = join(import.meta.dirname, "../../../cli/stack/child.ts");

  /** Runs a script through {@link runForeground} in a separate process, which receives the signals. */
  async function foreground(script: string, signals: readonly NodeJS.Signals[]) {
    const code = `
      import { runForeground } from ${JSON.stringify(module)};
      const ending = await runForeground([process.execPath, "-e", ${JSON.stringify(script)}], {
        cwd: ".", env: process.env, onInterrupt: () => console.log("interrupted"),
      });
      console.log(JSON.stringify(ending));`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (!part.includes("ready")) return;
      for (const signal of signals) child.kill(signal);
    });
    await once(child, "close");
    return text.trim().split("\n");
  }

  it("gets one SIGINT for any number of signals, and time to save", async () => {
    const saving = `let n = 0; process.on("SIGINT", () => { n += 1; setTimeout(() => {
      console.log("interrupts " + n); process.exit(255); }, 200); }); setInterval(() => {}, 1000);
      console.log("ready");`;
    const lines = await foreground(saving, ["SIGINT", "SIGTERM", "SIGINT"]);
    expect(lines).to.deep.equal([
      ...["ready", "interrupted", "interrupts 1"],
      '{"code":255,"interrupted":true,"errors":""}',
    ]);
  });

  it("returns its exit code and its errors", async () => {
    const lines = await foreground(`console.error("error: no"); process.exitCode = 3;`, []);
    expect(lines).to.deep.equal(['{"code":3,"interrupted":false,"errors":"error: no\\n"}']);
  });

  it("returns 128 plus the signal's number when a signal ended it", async () => {
    const lines = await foreground(`process.kill(process.pid, "SIGKILL");`, []);
    expect(lines).to.deep.equal(['{"code":137,"interrupted":false,"errors":""}']);
  });
});
