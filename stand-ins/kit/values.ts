/** A property value on the wire between engine and plugin, secrets already unwrapped. */
export type Value = null | boolean | number | string | Value[] | Properties;

/** A bag of named property values: a resource's inputs, its state, or any object inside them. */
export interface Properties {
  [name: string]: Value;
}

/** Where a value stands inside a bag. */
export type Path = readonly (string | number)[];

/** Tells whether a value is an object, and neither a list nor null. */
export function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is anything else. */
export function asMap(value: Value | undefined): Properties {
  return isMap(value) ? value : {};
}

/** The value as a list; an empty one when it is anything else. */
export function asList(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; undefined when it is anything else. */
export function asText(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value as a number; undefined when it is anything else. */
export function asNumber(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Follows a path into a value; undefined as soon as a step is missing. */
export function at(value: Value | undefined, ...path: Path): Value | undefined {
  let here: Value | undefined = value;
  for (const step of path) {
    if (typeof step === "number") here = Array.isArray(here) ? here[step] : undefined;
    else here = isMap(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

/** Compares two values member by member; the order of an object's keys does not matter. */
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

/** A copy in which every object has lost the members for which `keep` says no; lists keep their length. */
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

/** A feature of the original plugin that its stand-in does not have. */
export class Unsupported extends Error {}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
