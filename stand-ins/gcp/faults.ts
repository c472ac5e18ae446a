import { isUnknown } from "../kit/properties.ts";
import { formatPath, liesUnder } from "../kit/paths.ts";
import type { Failure } from "../kit/provider.ts";
import { isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Field, Fields } from "./declarations.ts";
import type { Shape } from "./shapes.ts";
import { suggestion } from "./suggestion.ts";

/** The key by which the wire marks assets and archives. */
const markKey = "4dabf18193072939515e22adb298388d";

/** Where faults are looked for. */
interface Subject {
  readonly catalogue: Catalogue;
  /** Paths whose values are never shown. */
  readonly secrets: readonly Path[];
}

/** Every unknown, missing or mistyped field, with its path. An unknown value is a fault nowhere. */
export function faultsIn(
  subject: Subject,
  fields: Fields,
  value: Properties,
  path: Path = [],
): Failure[] {
  const found: Failure[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (name.startsWith("__")) continue;
    const field = fields.get(name);
    const here = [...path, name];
    if (field) found.push(...faultsOfField(subject, field, member, here));
    else found.push(fault(here, "is not a field", suggestion(name, [...fields.keys()])));
  }
  for (const [name, { optional, shape }] of fields) {
    if (!optional && (value[name] ?? null) === null) {
      found.push(fault([...path, name], "is missing", `set it to ${wanted(shape)}`));
    }
  }
  return found;
}

function faultsOfField(subject: Subject, field: Field, value: Value, path: Path): Failure[] {
  const found = faultsOfValue(subject, field.shape, value, path);
  if (found.length > 0 || field.words.length === 0) return found;
  const given = Array.isArray(value) ? value : [value];
  return given.some((word) => isWrongWord(field, word))
    ? [fault(path, `is ${shown(subject, value, path)}`, `use ${oneOf(field.words)}`)]
    : [];
}

/** Whether a word is none of the documented ones. The original accepts "" for an optional field. */
function isWrongWord({ words, optional }: Field, word: Value): boolean {
  if (typeof word !== "string" || isUnknown(word) || (word === "" && optional)) return false;
  return !words.includes(word);
}

function faultsOfValue(subject: Subject, shape: Shape, value: Value, path: Path): Failure[] {
  if (value === null || isUnknown(value)) return [];
  const mistyped = () => [
    fault(path, `is ${shown(subject, value, path)}`, `set it to ${wanted(shape)}`),
  ];
  switch (shape.kind) {
    case "anything":
      return [];
    case "text":
      return typeof value === "string" ? [] : mistyped();
    case "number":
      return typeof value === "number" ? [] : mistyped();
    case "truth":
      return typeof value === "boolean" ? [] : mistyped();
    case "word":
      return value === shape.word ? [] : mistyped();
    case "asset":
      return isMap(value) && value[markKey] !== undefined ? [] : mistyped();
    case "list":
      if (!Array.isArray(value)) return mistyped();
      return value.flatMap((item, index) =>
        faultsOfValue(subject, shape.of, item, [...path, index]),
      );
    case "map":
      if (!isMap(value)) return mistyped();
      return Object.entries(value).flatMap(([key, member]) =>
        faultsOfValue(subject, shape.of, member, [...path, key]),
      );
    case "object":
      if (!isMap(value)) return mistyped();
      return faultsIn(subject, subject.catalogue.object("input", shape.type), value, path);
    case "either": {
      const tried = shape.options.map((option) => faultsOfValue(subject, option, value, path));
      return tried.some((faults) => faults.length === 0) ? [] : mistyped();
    }
  }
}

function fault(path: Path, what: string, fix: string): Failure {
  // The engine prints the value of a named property, and knows top-level properties only.
  return { reason: `${formatPath(path)} ${what}. Fix: ${fix}` };
}

function shown({ secrets }: Subject, value: Value, path: Path): string {
  const kind = kindOf(value);
  const isSecret = secrets.some((secret) => liesUnder(path, secret) || liesUnder(secret, path));
  if (isSecret || typeof value === "object") return kind;
  return `${kind} ${JSON.stringify(value).slice(0, 80)}`;
}

function kindOf(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "an object";
  return { string: "the text", number: "the number", boolean: "the boolean" }[
    typeof value as "string" | "number" | "boolean"
  ];
}

function wanted(shape: Shape): string {
  switch (shape.kind) {
    case "anything":
      return "any value";
    case "text":
      return "text";
    case "number":
      return "a number";
    case "truth":
      return "true or false";
    case "asset":
      return "an asset or an archive";
    case "word":
      return JSON.stringify(shape.word);
    case "list":
      return shape.of.kind === "object"
        ? "a list of objects"
        : `a list, each item ${wanted(shape.of)}`;
    case "map":
      return `a map, each value ${wanted(shape.of)}`;
    case "object":
      return "an object";
    case "either":
      return [...new Set(shape.options.map(wanted))].join(" or ");
  }
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
}
