import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { expect } from "chai";

import { rememberingInputs } from "../../../policies/sdk/inputs.ts";
import { Property } from "../../../policies/sdk/property.ts";
import { valuesIn } from "../../../policies/sdk/secrecy.ts";
import { decoded, secret, unknown } from "../support.ts";

/** A pack with a resource rule and a stack rule, which records what it reads. */
function pack() {
  const shown: Property[] = [];
  const seen: string[] = [];
  let values: [path: string, isSecret: boolean][] = [];
  const rules = rememberingInputs([
    {
      name: "resource",
      description: "",
      validateResource: [
        ({ name }) => void seen.push(`${name} by the first`),
        ({ name }) => void seen.push(`${name} by the second`),
      ],
    },
    {
      name: "stack",
      description: "",
      validateStack: ({ resources }) => {
        shown.push(...resources.map(({ props }) => Property.of(props)));
        values = resources.flatMap(({ props }) =>
          valuesIn(props).map(({ property, isSecret }): [string, boolean] => [
            property.path,
            isSecret,
          ]),
        );
      },
    },
  ]);

  const nothing = () => undefined;
  const analyze = async (name: string, inputs: object) => {
    for (const rule of rules) {
      if (!("validateResource" in rule) || typeof rule.validateResource !== "function") continue;
      const args = { name, urn: name, props: decoded(inputs) } as ResourceValidationArgs;
      await rule.validateResource(args, nothing);
    }
  };
  const analyzeStack = async (name: string, outputs: object) => {
    shown.length = 0;
    for (const rule of rules) {
      if (!("validateStack" in rule)) continue;
      const resources = [{ name, urn: name, props: decoded(outputs) } as PolicyResource];
      await rule.validateStack({ resources } as unknown as StackValidationArgs, nothing);
    }
    const [property] = shown;
    if (property === undefined) throw new Error("the stack rule did not run");
    return { property, values };
  };
  return { analyze, analyzeStack, seen };
}

describe("a stack rule", () => {
  it("reads inputs while a resource has no outputs", async () => {
    const { analyze, analyzeStack } = pack();
    await analyze("web", { spec: { type: "LoadBalancer", clusterIP: unknown } });
    const { property } = await analyzeStack("web", {});
    expect(property.at("spec", "type").text).to.equal("LoadBalancer");
    expect(property.at("spec", "clusterIP").isUnknown).to.be.true;
  });

  it("prefers outputs to inputs", async () => {
    const { analyze, analyzeStack } = pack();
    await analyze("web", { spec: "asked", only: "asked", later: unknown });
    const { property } = await analyzeStack("web", { spec: "made", later: "made" });
    expect(property.at("spec").text).to.equal("made");
    expect(property.at("later").text).to.equal("made");
    expect(property.at("only").text).to.equal("asked");
  });

  it("reads which inputs and outputs are secret", async () => {
    const { analyze, analyzeStack } = pack();
    await analyze("web", { a: secret("x"), b: "x", c: secret(unknown) });
    const { values } = await analyzeStack("web", { b: secret("x"), d: "x" });
    expect(Object.fromEntries(values)).to.deep.equal({ a: true, b: true, c: true, d: false });
  });

  it("does not read inputs of an earlier operation", async () => {
    const { analyze, analyzeStack } = pack();
    await analyze("web", { spec: "old", gone: "old" });
    await analyze("other", { spec: "old" });
    await analyzeStack("web", {});
    await analyze("web", { spec: "new" });
    const { property } = await analyzeStack("web", {});
    expect(property.entries().map(([key, { text }]) => [key, text])).to.deep.equal([
      ["spec", "new"],
    ]);
    const other = await analyzeStack("other", {});
    expect(other.property.entries()).to.deep.equal([]);
  });

  it("reads outputs of a resource without inputs", async () => {
    const { analyzeStack } = pack();
    const { property } = await analyzeStack("web", { spec: "made" });
    expect(property.at("spec").text).to.equal("made");
  });

  it("leaves the resource rules as they are", async () => {
    const { analyze, seen } = pack();
    await analyze("web", {});
    expect(seen).to.deep.equal(["web by the first", "web by the second"]);
  });
});
