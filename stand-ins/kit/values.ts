import { UserError } from "../../messages/errors.ts";

/** A property value without secret marks. */
export type Value = null | boolean | number | string | Value[] | Properties;

/** Named property values, such as inputs, state or an object inside them. */
export interface Properties {
  [name: string]: Value;
}

/** Path of a value inside properties. */
export type Path = readonly (string | number)[];

/** Whether a value is an object, and neither a list nor null. */
export function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, otherwise an empty object. */
export function asMap(value: Value | undefined): Properties {
  return isMap(value) ? value : {};
}

/** The value if it is a list, otherwise an empty list. */
export function asList(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is text. */
export function asText(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value if it is a number. */
export function asNumber(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The value at a path. Undefined when a step is missing. */
export function at(value: Value | undefined, ...path: Path): Value | undefined {
  let here: Value | undefined = value;
  for (const step of path) {
    if (typeof step === "number") here = Array.isArray(here) ? here[step] : undefined;
    else here = isMap(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

/** Whether two values are deeply equal. The order of keys does not matter. */
export function equal(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => equal(item, other[index]));
  }
  if (isMap(one) && isMap(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && equal(one[key], other[key]))
    );
  }
  return false;
}

/** A copy with only the object members that `keep` accepts. Lists keep their length. */
export function filterMembers(value: Value, keep: (member: Value) => boolean): Value {
  if (Array.isArray(value)) return value.map((item) => filterMembers(item, keep));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => keep(member))
      .map(([key, member]) => [key, filterMembers(member, keep)]),
  );
}

/** A copy of an object without some of its members. */
export function omit(object: Properties, ...names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** A feature of the original plugin that its stand-in does not implement. */
export class Unsupported extends UserError {
  constructor(message: string, fix = "use the official plugin") {
    super(message, fix);
  }
}

/** The message of anything that was thrown, with the fix of a user error. */
export function messageOf(error: unknown): string {
  if (error instanceof UserError) return `${error.message}\nFix: ${error.fix}`;
  return error instanceof Error ? error.message : String(error);
}
