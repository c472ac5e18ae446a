/** What can be read of a value that has faults, so that one fault does not hide others. */
import { z } from "zod";

import type { AddressBlock } from "../../net/addresses.ts";
import type { Vantage } from "../../net/vantage.ts";

/** A parsed value with every unreadable part undefined. Lists keep their positions. */
export type Readable<Value> = Value extends AddressBlock | Vantage | string | number | boolean
  ? Value
  : Value extends readonly (infer Element)[]
    ? (Readable<Element> | undefined)[]
    : Value extends object
      ? { [Key in keyof Value]?: Readable<Value[Key]> | undefined }
      : Value;

/** Parses a value part by part. Objects and lists are kept as far as they are readable. */
export function readableParts<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Readable<z.output<Schema>> | undefined {
  return partsOf(schema, value) as Readable<z.output<Schema>> | undefined;
}

function partsOf(schema: z.core.$ZodType, value: unknown): unknown {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return partsOf(schema.unwrap(), value ?? schema.def.defaultValue);
  }
  if (schema instanceof z.ZodOptional) return partsOf(schema.unwrap(), value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((element) => partsOf(schema.element, element));
  }
  if (!isRecord(value)) return undefined;
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const option = (schema.options as z.ZodObject[]).find(
      ({ shape }) => z.safeParse(shape[discriminator] as z.ZodType, value[discriminator]).success,
    );
    return option && partsOf(option, value);
  }
  if (!(schema instanceof z.ZodObject)) return undefined;
  return Object.fromEntries(
    Object.entries(schema.shape as z.ZodRawShape).map(([key, inner]) => [
      key,
      partsOf(inner, value[key]),
    ]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
