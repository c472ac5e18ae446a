import { expect } from "chai";

import { CommandProvider } from "../../../stand-ins/command/provider.ts";
import { unknownMark, type Bag } from "../../../stand-ins/kit/properties.ts";
import type { Path, Properties } from "../../../stand-ins/kit/values.ts";
import { operation } from "../support/operation.ts";

const provider = new CommandProvider("1.2.1");
const bag = (value: Properties, secrets: Path[] = []): Bag => ({ value, secrets });
const asked = (given: object = {}) =>
  operation({ type: "command:local:Command", name: "proof", ...given });

describe("the command stand-in", () => {
  it("records inputs and output under an id of the official form", async () => {
    const { id, state } = await provider.create(asked(), bag({ create: "echo hi" }));
    expect(id).to.match(/^proof[0-9a-f]{8}$/);
    expect(state.value).to.deep.equal({ create: "echo hi", stdout: "hi", stderr: "" });
    expect(state.secrets).to.deep.equal([]);
  });

  it("shows each line of output as progress, which the engine does not repeat at the end", async () => {
    const lines: string[] = [];
    const log = () => expect.fail("it was logged for good");
    const status = (line: string) => void lines.push(line);
    await provider.create(asked({ log, status }), bag({ create: "echo one; echo two >&2" }));
    expect(lines).to.have.members(["one", "two"]);
  });

  it("hides the output when an input is secret", async () => {
    const inputs = bag({ create: "echo hi", stdin: "s" }, [["stdin"]]);
    const { state } = await provider.create(asked(), inputs);
    expect(state.secrets).to.deep.equal([["stdin"], ["stdout"], ["stderr"]]);
  });

  it("runs nothing in a preview, and its output is unknown", async () => {
    const inputs = bag({ create: "exit 1" });
    const { id, state } = await provider.create(asked({ preview: true }), inputs);
    expect(id).to.equal("");
    expect(state.value).to.deep.equal({
      create: "exit 1",
      stdout: unknownMark,
      stderr: unknownMark,
    });
  });

  it("runs update, or create without one, with the last output", async () => {
    const state = bag({ stdout: "old", stderr: "" });
    const update = { create: "echo c", update: "echo u $PULUMI_COMMAND_STDOUT" };
    const first = await provider.update(asked(), "id", state, bag({}), bag(update));
    expect(first.value.stdout).to.equal("u old");
    const second = await provider.update(asked(), "id", state, bag({}), bag({ create: "echo c" }));
    expect(second.value.stdout).to.equal("c");
    const third = await provider.update(asked(), "id", state, bag({}), bag({ delete: "true" }));
    expect(third.value.stdout).to.equal("old");
  });

  it("runs delete and reports its failure", async () => {
    await provider.delete(asked(), "id", bag({}));
    await provider.delete(asked(), "id", bag({ delete: "true" }));
    try {
      await provider.delete(asked(), "id", bag({ delete: "exit 4" }));
      expect.fail("it did not fail");
    } catch (error) {
      expect((error as Error).message).to.contain("exit status 4");
    }
  });

  it("is replaced when a trigger changes, and updated otherwise", async () => {
    const inputs = bag({ create: "a", triggers: [1] });
    const triggered = await provider.diff(
      asked(),
      "id",
      bag({}),
      inputs,
      bag({ create: "a", triggers: [2] }),
    );
    expect(triggered.replaces).to.deep.equal(["triggers"]);
    const changed = await provider.diff(
      asked(),
      "id",
      bag({}),
      inputs,
      bag({ create: "b", triggers: [1] }),
    );
    expect(changed.changed).to.equal(true);
    expect(changed.replaces).to.deep.equal([]);
    const same = await provider.diff(asked(), "id", bag({}), inputs, inputs);
    expect(same.changed).to.equal(false);
  });

  it("is replaced when a trigger is unknown", async () => {
    const unknown = bag({ triggers: [unknownMark] });
    const found = await provider.diff(asked(), "id", bag({}), unknown, unknown);
    expect(found.replaces).to.deep.equal(["triggers"]);
  });

  it("refuses all unsupported inputs at once", async () => {
    const inputs = bag({ create: "x", assetPaths: ["*"], archivePaths: ["*"], logging: "loud" });
    const { failures } = await provider.check(asked(), bag({}), inputs);
    expect(failures.map(({ property }) => property)).to.deep.equal([
      "assetPaths",
      "archivePaths",
      "logging",
    ]);
    const remote = asked({ type: "command:remote:Command" });
    try {
      await provider.check(remote, bag({}), bag({}));
      expect.fail("it did not refuse");
    } catch (error) {
      expect((error as Error).message).to.contain("command:remote:Command is not supported");
    }
  });
});
