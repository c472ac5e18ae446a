import { expect } from "chai";
import { z } from "zod";

import { describeForms, describeTopKey } from "../../../cli/generate/describeKeys.ts";
import {
  choice,
  group,
  integer,
  label,
  list,
  network,
} from "../../../components/config/schema/values.ts";

const schema = group(
  {
    size: integer(1, 9, 2).default(3).describe("How large.").meta({ unit: "MiB" }),
    color: choice("red", "blue").optional().describe("Which color."),
    networks: list(
      group({ name: label("a").describe("Its name.") }, "{ name: a }"),
      "[{ name: a }]",
    )
      .default([])
      .describe("Which networks."),
    inner: group({ to: network("192.0.2.0/24").describe("Where to.") }, "{ to: 192.0.2.0/24 }")
      .optional()
      .describe("More.")
      .meta({ fallback: "the machine's" }),
  },
  "{}",
)
  .prefault({})
  .describe("A thing.");

describe("the description of a schema", () => {
  it("has one row for each key, objects and lists before their own keys", () => {
    const [form] = describeForms(schema);
    expect(form?.keys).to.deep.equal([
      {
        path: "size",
        type: "integer, 1 to 9 MiB",
        fallback: "3",
        example: "2",
        description: "How large.",
      },
      {
        path: "color",
        type: "`red`, `blue`",
        fallback: "none",
        example: "red",
        description: "Which color.",
      },
      {
        path: "networks",
        type: "list of objects",
        fallback: "[]",
        example: "[{ name: a }]",
        description: "Which networks.",
      },
      {
        path: "networks[].name",
        type: "lowercase letters, digits and inner dashes, at most 63",
        example: "a",
        description: "Its name.",
      },
      {
        path: "inner",
        type: "object",
        fallback: "the machine's",
        example: "{ to: 192.0.2.0/24 }",
        description: "More.",
      },
      { path: "inner.to", type: "network", example: "192.0.2.0/24", description: "Where to." },
    ]);
  });

  it("has one row for a discriminator, then the keys of each form", () => {
    const forms = z.discriminatedUnion("mode", [
      z.object({ mode: z.literal("plain").describe("Which.") }),
      z.object({
        mode: z.literal("fine").describe("Which."),
        grain: choice("a", "b").describe("How fine."),
      }),
    ]);
    const [form] = describeForms(z.object({ sand: forms.describe("Sand.") }).describe("A box."));
    expect(form?.keys.map(({ path, type }) => `${path}: ${type}`)).to.deep.equal([
      "sand: object",
      "sand.mode: `plain`, `fine`",
      "sand.grain: `a`, `b`",
    ]);
  });

  it("says whether the whole is required", () => {
    expect(describeTopKey(schema)).to.deep.equal({ description: "A thing.", fallback: "{}" });
    expect(describeTopKey(schema.unwrap().describe("Required."))).to.deep.equal({
      description: "Required.",
    });
  });

  it("has one form for each option of a union", () => {
    const option = (kind: string) =>
      z.strictObject({ kind: z.literal(kind).describe("Its kind.") }).describe(`The ${kind}.`);
    const union = z.discriminatedUnion("kind", [option("cat"), option("dog")]);
    const forms = describeForms(union).map(({ title, description }) => [title, description]);
    expect(forms).to.deep.equal([
      ["kind: cat", "The cat."],
      ["kind: dog", "The dog."],
    ]);
  });

  it("refuses a key without a description", () => {
    expect(() => describeForms(z.object({ name: z.string() }))).to.throw("name has no description");
  });
});
