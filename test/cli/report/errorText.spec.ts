import { expect } from "chai";

import { engineErrorIn } from "../../../cli/report/errorText.ts";

const message = (stdout: string, stderr: string) =>
  `code: 255\n stdout: ${stdout}\n stderr: ${stderr}\n err?: Error: Command failed\nerror: quoted\n`;

describe("the engine's error in a message of the Automation API", () => {
  it("is what the engine wrote to standard error", () => {
    expect(engineErrorIn(message("Previewing", "error: the stack is locked\nby 7\n"))).to.equal(
      "error: the stack is locked\nby 7",
    );
  });

  it("is absent when only standard output has one, because an event carried it", () => {
    expect(engineErrorIn(message("Diagnostics:\n    error: 1 fault", ""))).to.equal(undefined);
  });

  it("is a whole message of another kind", () => {
    expect(engineErrorIn("error: no such stack")).to.equal("error: no such stack");
  });
});
