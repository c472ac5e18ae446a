/** Kinds of values that the schemas are built from. Each message says what to write. */
import { z } from "zod";

import {
  type AddressBlock,
  AddressError,
  parseAddress,
  parseBlock,
  parseNetwork,
} from "../../../net/addresses.ts";
import { type Vantage, VantageError, parseVantage } from "../../../net/vantage.ts";

/** `pulumi config set --path` writes 7 and true as number and boolean, also where a text is meant. */
const asText = (schema: z.ZodString) =>
  z.preprocess(
    (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
    schema,
  );

/** A text that is not empty. */
export const text = (example: string) => pattern(/./, "text", example);

/** A text of one shape. The message and the documentation name the shape. */
export const pattern = (shape: RegExp, what: string, example: string) => {
  const error = `write ${what}, for example ${example}`;
  return asText(z.string({ error }).regex(shape, { error })).meta({
    form: what,
    examples: [example],
  });
};

/** A name that Kubernetes accepts for an object: a DNS label. */
export const label = (example: string) =>
  pattern(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "lowercase letters, digits and inner dashes, at most 63",
    example,
  );

/** A whole number within limits. */
export const integer = (min: number, max: number, example: number) => {
  const error = `write a whole number from ${min} to ${max}, for example ${example}`;
  return z
    .int({ error })
    .min(min, { error })
    .max(max, { error })
    .meta({ examples: [example] });
};

/** One of a few words. */
export const choice = <const Options extends readonly [string, ...string[]]>(...options: Options) =>
  z.enum(options, { error: `write one of ${options.join(", ")}` });

/** `true` or `false`. */
export const flag = () => z.boolean({ error: "write true or false" });

/** An object that accepts no other keys. The fault of an unknown key ends with the hint. */
export const strict = <Shape extends z.ZodRawShape>(
  shape: Shape,
  otherwise?: string,
  hint?: string,
) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? [`write one of ${Object.keys(shape).join(", ")}`, ...(hint ? [hint] : [])].join(". ")
        : otherwise,
  });

/** An object that accepts no other keys. The example is its flow form. */
export const group = <Shape extends z.ZodRawShape>(shape: Shape, example: string, hint?: string) =>
  strict(shape, `write an object, for example ${example}`, hint).meta({ examples: [example] });

/** Hint for keys that only a cluster without a cloud has. */
export const cloudAssigns =
  "With kind gke there are no pools, routes and CRDs, because Google Cloud reserves and routes an address for each Service; remove the key";

/** A list. The example is its flow form. */
export const list = <Element extends z.ZodType>(element: Element, example: string) =>
  z.array(element, { error: `write a list, for example ${example}` }).meta({ examples: [example] });

/** Text that becomes a value. The parser's error message says what to write. */
const parsed = <Value>(form: string, example: string, parse: (text: string) => Value) =>
  text(example)
    .transform((value, context): Value => {
      try {
        return parse(value);
      } catch (error) {
        if (!(error instanceof AddressError || error instanceof VantageError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
        return z.NEVER;
      }
    })
    .meta({ form });

/** One address. */
export const address = (example: string) => parsed<AddressBlock>("address", example, parseAddress);

/** A network in CIDR notation. */
export const network = (example: string) => parsed<AddressBlock>("network", example, parseNetwork);

/** A network or a range of addresses. */
export const block = (example: string) =>
  parsed<AddressBlock>("network or range", example, parseBlock);

/** A place that packets are sent from. */
export const vantage = (example: string) => parsed<Vantage>("vantage", example, parseVantage);

/** A vantage, or the word `router` for the vantage of `provenet:client.router`. */
export const vantageOrRouter = (example: string) =>
  parsed<Vantage | "router">("vantage or router", example, (value) => {
    if (value === "router") return value;
    try {
      return parseVantage(value);
    } catch (error) {
      if (!(error instanceof VantageError)) throw error;
      throw new VantageError(`${error.message}, or router for the vantage of client.router`);
    }
  });
