import { createRequire } from "node:module";

import type { PolicyResource, StackValidationArgs } from "@pulumi/policy";
import { expect } from "chai";

import { whereStackHas } from "../../../policies/sdk/applicable.ts";
import { rememberingInputs } from "../../../policies/sdk/inputs.ts";

// The SDK's server skips a rule by this function.
const { getPulumiType } = createRequire(import.meta.url)("@pulumi/policy/policy.js") as {
  getPulumiType: (validation: object) => string | undefined;
};
const type = "gcp:container/cluster:Cluster";
const nothing = () => undefined;

describe("a rule for stacks with one type", () => {
  it("names that type to the SDK, also when it is reminded of inputs", () => {
    const validateStack = whereStackHas(type, nothing);
    const [rule] = rememberingInputs([{ name: "stack", description: "", validateStack }]);
    if (rule === undefined || !("validateStack" in rule)) throw new Error("the rule is lost");
    expect([validateStack, rule.validateStack].map(getPulumiType)).to.deep.equal([type, type]);
  });

  it("leaves other rules without a type", () => {
    const [rule] = rememberingInputs([{ name: "stack", description: "", validateStack: nothing }]);
    if (rule === undefined || !("validateStack" in rule)) throw new Error("the rule is lost");
    expect(getPulumiType(rule.validateStack)).to.equal(undefined);
  });

  it("runs the validation", async () => {
    let seen = 0;
    const validate = whereStackHas(type, ({ resources }) => {
      seen = resources.length;
    });
    const resources = [{ type } as PolicyResource];
    await validate({ resources } as unknown as StackValidationArgs, nothing);
    expect(seen).to.equal(1);
  });
});
