import { expect } from "chai";

import { newStack } from "./support/fixture.ts";
import { policyPack, type Stack } from "./support/stack.ts";

describe("a policy pack in the real engine", () => {
  let stack: Stack;

  before(async () => {
    stack = await newStack("policy");
  });

  it("passes a compliant preview", async () => {
    const { code, output } = await stack.run(["preview", "--policy-pack", policyPack]);
    expect(code, output).to.equal(0);
    expect(output).to.contain("engine-tests");
  });

  it("stops a preview that violates a rule, and names resource, rule and fix", async () => {
    await stack.configure({ image: "registry.example/web:latest" });
    const { code, output } = await stack.run(["preview", "--policy-pack", policyPack]);
    expect(code).not.to.equal(0);
    expect(output).to.match(
      /\[mandatory\]\s+image-has-a-version\s+\(kubernetes:apps\/v1:Deployment: web\)/,
    );
    expect(output).to.contain("container web runs registry.example/web:latest: name a version");
    expect(output).not.to.contain("one-namespace");
  });

  it("stops an update before it creates the resource that violates a rule", async () => {
    const { code } = await stack.up("--policy-pack", policyPack);
    expect(code).not.to.equal(0);
    const made = (await stack.recorded()).resources.map(({ type }) => type);
    expect(made).not.to.include("kubernetes:apps/v1:Deployment");
  });
});
