import { isUnknown } from "../kit/properties.ts";
import type { Failure } from "../kit/provider.ts";
import { isMap, type Path, type Properties, type Value } from "../kit/values.ts";

/** What a text must match. */
export type Format = RegExp | ((text: string) => boolean);

/** What the original validates in a type and the package does not say. */
export interface Rules {
  /** The accepted words, by path. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** The formats, by path, with what to write. */
  readonly formats?: Readonly<Record<string, readonly [Format, string]>>;
  /** Pairs of paths that exclude each other. */
  readonly conflicts?: readonly (readonly [string, string])[];
  /** Fields of which exactly one is set. The path before them names the object. */
  readonly exactlyOne?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Every broken rule. An unknown value breaks none.
 *
 * @param secrets paths whose values are never shown
 */
export function brokenRules(
  rules: Rules,
  inputs: Properties,
  secrets: readonly Path[] = [],
): Failure[] {
  const broken = (path: string, text: string, fix: string): Failure => {
    const steps = path.split(".");
    const isSecret = secrets.some((secret) =>
      secret.filter((step) => typeof step === "string").every((step, at) => step === steps[at]),
    );
    return { reason: `${path} is ${isSecret ? "wrong" : JSON.stringify(text)}. Fix: ${fix}` };
  };
  return [
    ...Object.entries(rules.words ?? {}).flatMap(([path, words]) =>
      textsAt(inputs, path)
        .filter((text) => !words.includes(text))
        .map((text) =>
          broken(path, text, `use ${words.length > 1 ? "one of " : ""}${words.join(", ")}`),
        ),
    ),
    ...Object.entries(rules.formats ?? {}).flatMap(([path, [format, fix]]) =>
      textsAt(inputs, path)
        .filter((text) => !(typeof format === "function" ? format(text) : format.test(text)))
        .map((text) => broken(path, text, fix)),
    ),
    ...(rules.conflicts ?? [])
      .filter((pair) => pair.every((path) => valuesAt(inputs, path).length > 0))
      .map(([one, other]) => ({
        reason: `${one} and ${other} exclude each other. Fix: remove one of them`,
      })),
    ...Object.entries(rules.exactlyOne ?? {}).flatMap(([path, names]) =>
      (path === "" ? [inputs] : valuesAt(inputs, path).filter(isMap))
        .map((object) => names.filter((name) => (object[name] ?? null) !== null))
        .filter((given) => given.length !== 1)
        .map((given) => ({
          reason: `${path === "" ? "it" : path} sets ${given.join(" and ") || "none"} of ${names.join(", ")}. Fix: set exactly one`,
        })),
    ),
  ];
}

function textsAt(inputs: Properties, path: string): string[] {
  return valuesAt(inputs, path).filter(
    (value): value is string => typeof value === "string" && !isUnknown(value),
  );
}

/** The values at a path, in every item of the lists on the way. */
function valuesAt(inputs: Properties, path: string): Value[] {
  let here: Value[] = [inputs];
  for (const step of path.split(".")) {
    here = here
      .filter(isMap)
      .map((object) => object[step] ?? null)
      .filter((value) => value !== null)
      .flatMap((value) => (Array.isArray(value) ? value : [value]));
  }
  return here;
}
