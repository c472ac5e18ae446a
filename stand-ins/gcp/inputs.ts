import { UserError } from "../../messages/errors.ts";
import { randomSuffix } from "../kit/autonaming.ts";
import { isUnknown } from "../kit/properties.ts";
import type { Operation } from "../kit/provider.ts";
import { asList, asMap, asText, isMap, type Properties, type Value } from "../kit/values.ts";
import type { Fields } from "./declarations.ts";
import { factsOf, nameRuleOf } from "./facts.ts";

/** Random characters after a generated name. */
const suffixLength = 7;
/** The list of the fields that the original filled. It is part of the state. */
const defaultsKey = "__defaults";

/**
 * The inputs with a generated name and with the defaults of the original.
 *
 * @param olds inputs of the last update, empty for a new resource. What the original filled stays
 * @throws {UserError} when no name can be generated
 */
export function completeInputs(
  operation: Operation,
  fields: Fields,
  olds: Properties,
  news: Properties,
): Properties {
  const completed = withNestedDefaults(operation.type, asMap(withFilled(olds, news)));
  const before = asList(olds[defaultsKey]).map(String);
  const filled = before.filter((name) => news[name] === undefined && completed[name] !== undefined);
  const fill = (name: string, value: () => Value) => {
    if ((completed[name] ?? null) !== null || !fields.has(name)) return;
    // A state without the list is older than it. Any of its values may be a filled one.
    const old = olds[defaultsKey] === undefined ? olds[name] : undefined;
    completed[name] = old ?? value();
    filled.push(name);
  };

  const { field } = nameRuleOf(operation.type);
  const named = fields.get(field);
  // The original makes a required name optional by generating it.
  if (named?.optional && named.shape.kind === "text" && (news.namePrefix ?? null) === null) {
    fill(field, () => generatedName(operation));
  }
  for (const [path, value] of Object.entries(factsOf(operation.type)?.defaults ?? {})) {
    const conflicts = path === "enableShieldedNodes" && (news.enableAutopilot ?? null) !== null;
    if (!path.includes(".") && !conflicts) fill(path, () => value);
  }
  return { ...completed, [defaultsKey]: filled.sort() };
}

/** The new value with everything that the original filled in the old one. */
function withFilled(old: Value | undefined, value: Value): Value {
  if (Array.isArray(value) && Array.isArray(old)) {
    return value.map((item, index) => withFilled(old[index], item));
  }
  if (!isMap(value) || !isMap(old)) return value;
  const filled = asList(old[defaultsKey]).map(String);
  const kept = Object.entries(old).filter(([name]) => filled.includes(name));
  const given = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries([
    ...kept,
    ...given.map(([name, member]) => [name, withFilled(old[name], member)] as const),
  ]);
}

function generatedName(operation: Operation): string {
  const { field, longest, lowerCase } = nameRuleOf(operation.type);
  if (operation.proposedName === null) {
    throw new UserError("autonaming is disabled in this project", `set ${field}`);
  }
  const cased = (text: string) => (lowerCase ? text.toLowerCase() : text);
  const name =
    operation.proposedName !== undefined
      ? cased(operation.proposedName)
      : `${cased(operation.name)}-${randomSuffix(operation, suffixLength)}`;
  if (name.length <= longest) return name;
  throw new UserError(
    `the generated ${field} ${name} has ${name.length} characters, and ${longest} are allowed`,
    `set ${field}, or shorten the resource's name`,
  );
}

function withNestedDefaults(type: string, news: Properties): Properties {
  const completed = { ...news };
  for (const [path, value] of Object.entries(factsOf(type)?.defaults ?? {})) {
    const [first = "", ...rest] = path.split(".");
    const inner = completed[first];
    if (rest.length > 0 && inner !== undefined) completed[first] = withDefault(inner, rest, value);
  }
  return completed;
}

function withDefault(object: Value, path: readonly string[], value: Value): Value {
  const [step = "", ...rest] = path;
  if (!isMap(object)) return object;
  const inner = object[step] ?? null;
  if (rest.length === 0) return inner === null ? { ...object, [step]: value } : object;
  return inner === null ? object : { ...object, [step]: withDefault(inner, rest, value) };
}

/** The text of a known value. */
export function knownText(value: Value | undefined): string | undefined {
  return value === undefined || isUnknown(value) ? undefined : asText(value);
}
