import { expect } from "chai";

import { asText, at } from "../../stand-ins/kit/values.ts";
import { namespaceOf, objectAt } from "./support/cluster.ts";
import { newStack, plantedToken } from "./support/fixture.ts";
import { watchArguments } from "./support/processes.ts";
import type { Stack } from "./support/stack.ts";

const encoded = Buffer.from(plantedToken).toString("base64");

describe("a secret in a program", () => {
  let stack: Stack;
  let output = "";
  let args = "";

  before(async () => {
    const watch = watchArguments();
    stack = await newStack("secrets");
    const commands = [
      ["preview", "--diff"],
      ["up", "--yes", "--skip-preview", "--diff"],
      ["refresh", "--yes", "--skip-preview", "--diff"],
      ["stack", "output"],
    ];
    for (const command of commands) output += (await stack.must(command)).output;
    args = await watch.stop();
  });

  it("reaches the cluster", async () => {
    const path = `/api/v1/namespaces/${await namespaceOf(stack)}/secrets/access`;
    expect(asText(at(await objectAt(path), "data", "token"))).to.equal(encoded);
  });

  it("is not in the state, neither plain nor encoded", async () => {
    const { text } = await stack.recorded();
    expect(text).to.contain("kubernetes:core/v1:Secret");
    expect(text).not.to.contain(plantedToken);
    expect(text).not.to.contain(encoded);
  });

  it("is not in the engine's output with all differences shown", () => {
    expect(output).to.contain("[secret]");
    expect(output).not.to.contain(plantedToken);
    expect(output).not.to.contain(encoded);
  });

  it("is in no process's arguments", () => {
    expect(args).to.contain("language-host/main.ts").and.to.contain("kubernetes/main.ts");
    expect(args).not.to.contain(plantedToken);
    expect(args).not.to.contain(encoded);
  });

  it("makes the output of a command secret", async () => {
    const { text } = await stack.recorded();
    expect(text).not.to.contain("proved 10.");
  });

  it("hides the kubeconfig's token as well", async () => {
    const { text } = await stack.recorded();
    expect(text).not.to.contain("token: engine-tests");
    expect(output).not.to.contain("token: engine-tests");
  });
});
