import { expect } from "chai";

import { at } from "../../stand-ins/kit/values.ts";
import { deploymentOf, recordedAs } from "./support/cluster.ts";
import { newStack } from "./support/fixture.ts";
import type { Stack } from "./support/stack.ts";

describe("an update that fails", () => {
  let stack: Stack;

  before(async () => {
    stack = await newStack("failures");
  });

  it("ends at a Deployment's failing pod instead of its timeout, and names the cause", async () => {
    await stack.configure({ fate: "image-is-missing", image: "registry.example/typo:1" });
    const { code, output } = await stack.up();
    expect(output).not.to.contain("interrupted after");
    expect(code).not.to.equal(0);
    const [, line = ""] = /\* (Pod .*ImagePullBackOff.*)/.exec(output) ?? [];
    expect(line).to.match(/^Pod shop-[0-9a-f]{8}\/web-[^,]+, container web: ImagePullBackOff: /);
    expect(line).to.contain("Back-off pulling image registry.example/typo:1: not found");
    expect(output, "what it waited for").to.match(/waiting: 0 of 2 Pods available/);
  });

  it("records the Deployment with the reason, so that the next update retries it", async () => {
    const { id, initErrors } = await recordedAs(stack, "Deployment::web");
    expect(id).to.match(/\/web$/);
    expect(initErrors?.join("\n")).to.contain("ImagePullBackOff");
    const before = await deploymentOf(stack);
    await stack.configure({ fate: "lives", image: "registry.example/web:1" });
    const { code, output } = await stack.up();
    expect(code, output).to.equal(0);
    const after = await deploymentOf(stack);
    expect(at(after, "metadata", "uid")).to.equal(at(before, "metadata", "uid"));
    expect((await recordedAs(stack, "Deployment::web")).initErrors).to.equal(undefined);
  });

  it("fails for a broken new version although the old one still runs", async () => {
    await stack.configure({ fate: "image-is-missing", image: "registry.example/typo:2" });
    const { code, output } = await stack.up();
    expect(output).to.match(/container web: ImagePullBackOff: .*typo:2/);
    expect(code).not.to.equal(0);
    expect(output).not.to.contain("interrupted after");
  });

  it("accepts the fixed version while pods of the broken one still exist", async () => {
    await stack.configure({ fate: "lives", image: "registry.example/web:2" });
    const { code, output } = await stack.up();
    expect(code, output).to.equal(0);
  });

  it("refuses in the preview what the API server refuses", async () => {
    await stack.configure({ image: "" });
    const { code, output } = await stack.run(["preview"]);
    expect(code).not.to.equal(0);
    expect(output).to.contain("spec.template.spec.containers[0].image: Required value");
  });
});
