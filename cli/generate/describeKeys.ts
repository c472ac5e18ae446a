/** Reads a schema as rows of documentation. */
import { z } from "zod";

/** One configuration key as the documentation shows it. */
export interface KeyDescription {
  /** Path below the schema, such as `pools[].name`. Empty for the schema itself. */
  readonly path: string;
  readonly type: string;
  /** The default in words or as JSON. Undefined for a required key. */
  readonly fallback?: string;
  readonly example?: string;
  readonly description: string;
}

/** One form that a value can have, with its keys. */
export interface FormDescription {
  /** Such as `kind: minikube`. Undefined where there is one form only. */
  readonly title?: string;
  readonly description: string;
  readonly keys: readonly KeyDescription[];
}

/** The metadata of a schema and of what it wraps. */
interface Unwrapped {
  readonly schema: z.core.$ZodType;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly fallback?: string;
}

/** Looks through defaults, optionals and parsers to the schema that names the type. */
function unwrap(schema: z.core.$ZodType): Unwrapped {
  const meta = z.globalRegistry.get(schema) ?? {};
  const inner = (wrapped: z.core.$ZodType, fallback?: string): Unwrapped => {
    const below = unwrap(wrapped);
    const word = fallback ?? below.fallback;
    return {
      schema: below.schema,
      meta: { ...below.meta, ...meta },
      ...(word === undefined ? {} : { fallback: word }),
    };
  };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return inner(schema.unwrap(), JSON.stringify(schema.def.defaultValue));
  }
  if (schema instanceof z.ZodOptional) return inner(schema.unwrap(), "none");
  if (schema instanceof z.ZodPipe) {
    return inner(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  }
  return { schema, meta };
}

/** Type in words. A unit and limits are part of it. */
function typeOf({ schema, meta }: Unwrapped): string {
  if (typeof meta.form === "string") return meta.form;
  if (schema instanceof z.ZodNumber) {
    const limits = `${schema.minValue ?? ""} to ${schema.maxValue ?? ""}`;
    return typeof meta.unit === "string" ? `integer, ${limits} ${meta.unit}` : `integer, ${limits}`;
  }
  const words = wordsOf(schema);
  if (words.length > 0) return words.map((word) => `\`${String(word)}\``).join(", ");
  if (schema instanceof z.ZodString) return "text";
  if (schema instanceof z.ZodArray) {
    return `list of ${typeOf(unwrap(schema.element)).replace("object", "objects")}`;
  }
  if (schema instanceof z.ZodRecord) return `map to ${typeOf(unwrap(schema.valueType))}`;
  if (schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion) return "object";
  throw new Error(`no word for the type ${schema._zod.def.type}`);
}

/** The values of a type that has few. */
function wordsOf(schema: z.core.$ZodType): unknown[] {
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  return schema instanceof z.ZodBoolean ? [true, false] : [];
}

/** The key itself, then the keys of its objects, depth first. */
function rowsOf(path: string, schema: z.core.$ZodType): KeyDescription[] {
  const unwrapped = unwrap(schema);
  const { description, examples } = unwrapped.meta;
  if (typeof description !== "string") throw new Error(`${path} has no description`);
  const fallback = unwrapped.meta.fallback ?? unwrapped.fallback;
  const [example] = Array.isArray(examples) ? (examples as unknown[]) : wordsOf(unwrapped.schema);
  const row: KeyDescription = {
    path,
    type: typeOf(unwrapped),
    ...(typeof fallback === "string" ? { fallback } : {}),
    ...(example === undefined
      ? {}
      : { example: typeof example === "string" ? example : JSON.stringify(example) }),
    description,
  };
  return [row, ...childrenOf(path, unwrapped.schema)];
}

function childrenOf(path: string, schema: z.core.$ZodType): KeyDescription[] {
  if (schema instanceof z.ZodArray) return childrenOf(`${path}[]`, unwrap(schema.element).schema);
  if (schema instanceof z.ZodDiscriminatedUnion) return childrenOfForms(path, schema);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as z.ZodRawShape).flatMap(([key, inner]) =>
    rowsOf(path === "" ? key : `${path}.${key}`, inner),
  );
}

/** The keys of all forms of an object inside another one. The discriminator is one row. */
function childrenOfForms(path: string, union: z.ZodDiscriminatedUnion): KeyDescription[] {
  const { discriminator } = union.def;
  const rows = union.options.flatMap((option) => childrenOf(path, option));
  const [first] = rows;
  const words = rows
    .filter((row) => row.path === `${path}.${discriminator}`)
    .map(({ type }) => type);
  const others = rows.filter((row) => row.path !== `${path}.${discriminator}`);
  return first === undefined ? [] : [{ ...first, type: words.join(", ") }, ...others];
}

/** The forms of a top key: one for an object, one for each option of a discriminated union. */
export function describeForms(schema: z.core.$ZodType): FormDescription[] {
  const { schema: inner, meta } = unwrap(schema);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) {
    return [{ description: String(meta.description), keys: childrenOf("", inner) }];
  }
  const { discriminator } = inner.def;
  return (inner.options as z.ZodObject[]).map((option) => {
    const literal = option.shape[discriminator] as z.ZodLiteral<string>;
    return {
      title: `${discriminator}: ${literal.value}`,
      description: String(z.globalRegistry.get(option)?.description),
      keys: childrenOf("", option),
    };
  });
}

/** What a top key holds, and its default as JSON. Undefined for a required key. */
export function describeTopKey(schema: z.core.$ZodType): {
  description: string;
  fallback?: string;
} {
  const { meta, fallback } = unwrap(schema);
  return { description: String(meta.description), ...(fallback === undefined ? {} : { fallback }) };
}
