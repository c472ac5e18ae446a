import { expect } from "chai";
import * as fc from "fast-check";

import {
  formatSelector,
  type Labels,
  type LabelSelector,
  type Match,
  matches,
  matchLabels,
} from "../../kube/selector.ts";

const expression = (operator: string, ...values: (string | undefined)[]): LabelSelector => ({
  matchExpressions: [{ key: "tier", operator, ...(values.length > 0 && { values }) }],
});

describe("a label selector", () => {
  const cases: readonly [string, LabelSelector, Labels | undefined, Match][] = [
    ["matches everything when empty", {}, { tier: "web" }, "yes"],
    ["matches unknown labels when empty", {}, undefined, "yes"],
    ["matches an equal label", { matchLabels: { tier: "web" } }, { tier: "web", a: "b" }, "yes"],
    ["rejects another value", { matchLabels: { tier: "web" } }, { tier: "db" }, "no"],
    ["rejects a missing label", { matchLabels: { tier: "web" } }, {}, "no"],
    [
      "rejects when one of two labels differs",
      { matchLabels: { a: "1", b: "2" } },
      { a: "1" },
      "no",
    ],
    ["matches In with a listed value", expression("In", "web", "db"), { tier: "db" }, "yes"],
    ["rejects In with another value", expression("In", "web"), { tier: "db" }, "no"],
    ["rejects In without the label", expression("In", "web"), {}, "no"],
    ["matches NotIn with another value", expression("NotIn", "web"), { tier: "db" }, "yes"],
    ["matches NotIn without the label", expression("NotIn", "web"), {}, "yes"],
    ["rejects NotIn with a listed value", expression("NotIn", "web"), { tier: "web" }, "no"],
    ["matches Exists with an empty value", expression("Exists"), { tier: "" }, "yes"],
    ["rejects Exists without the label", expression("Exists"), {}, "no"],
    ["matches DoesNotExist without the label", expression("DoesNotExist"), {}, "yes"],
    ["rejects DoesNotExist with the label", expression("DoesNotExist"), { tier: "web" }, "no"],
    ["may match a label that is not known", expression("In", "web"), { tier: undefined }, "maybe"],
    ["may match a value that is not known", expression("In", undefined), { tier: "web" }, "maybe"],
    [
      "may reject a value that is not known",
      expression("NotIn", undefined),
      { tier: "a" },
      "maybe",
    ],
    [
      "matches a listed value next to an unknown one",
      expression("In", undefined, "a"),
      { tier: "a" },
      "yes",
    ],
    ["knows that an unknown label exists", expression("Exists"), { tier: undefined }, "yes"],
    ["may match when no label is known", { matchLabels: { tier: "web" } }, undefined, "maybe"],
    [
      "may match an operator that does not exist",
      expression("Like", "web"),
      { tier: "web" },
      "maybe",
    ],
    [
      "rejects when one part rejects and another is not known",
      { matchLabels: { a: "1" }, ...expression("In", undefined) },
      { a: "2", tier: "web" },
      "no",
    ],
  ];
  for (const [title, selector, labels, match] of cases) {
    it(title, () => {
      expect(matchLabels(selector, labels)).to.equal(match);
    });
  }

  it("never matches by an inherited property", () => {
    expect(matches(expression("Exists"), Object.create({ tier: "web" }) as Labels)).to.equal(false);
  });

  it("never matches by an operator that does not exist", () => {
    expect(matches(expression("Like", "web"), { tier: "web" })).to.equal(false);
  });

  it("answers no or yes only where every value of the unknown label gives the same answer", () => {
    const values = fc.constantFrom("a", "b", "c");
    const requirement = fc.record({
      key: fc.constantFrom("tier", "zone"),
      operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
      values: fc.array(values, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), (matchExpressions) => {
        const selector = { matchExpressions };
        const answers = new Set(["a", "b", "c", "d"].map((tier) => matches(selector, { tier })));
        const match = matchLabels(selector, { tier: undefined });
        if (match !== "maybe") expect([...answers]).to.deep.equal([match === "yes"]);
      }),
    );
  });

  it("is written as the API's parameter", () => {
    const selector = {
      matchLabels: { app: "web" },
      matchExpressions: [
        { key: "tier", operator: "NotIn", values: ["a", "b"] },
        { key: "zone", operator: "Exists" },
        { key: "old", operator: "DoesNotExist" },
      ],
    };
    expect(formatSelector(selector)).to.equal("app in (web),tier notin (a,b),zone,!old");
  });
});
