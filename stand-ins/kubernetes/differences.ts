import { equal, isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import { isEmpty } from "./normalise.ts";
import { isSameQuantity } from "./quantities.ts";

/** One changed property. */
export interface PropertyDifference {
  readonly path: Path;
  readonly change: "add" | "delete" | "update";
  /** The new value, null for a deletion. */
  readonly value: Value;
}

/** The objects to compare. */
export interface Comparison {
  /** The live object, pruned to the shape of `before`. */
  readonly live: Properties;
  /** Inputs of the last update. */
  readonly before: Properties;
  /** The program's inputs now. */
  readonly after: Properties;
  /** The API group of a built-in kind. Undefined for custom resources. */
  readonly builtInGroup: string | undefined;
}

/** The differences between the new inputs and the live object. */
export function differencesIn({
  live,
  before,
  after,
  builtInGroup,
}: Comparison): PropertyDifference[] {
  const found: PropertyDifference[] = [];
  const add = (path: Path, was: Value | undefined, value: Value) => {
    // The API server omits empty values, so the live object never contains them.
    if (builtInGroup === undefined || !(isEmpty(value) && equal(was, value))) {
      found.push({ path, change: "add", value });
    }
  };

  const compare = (path: Path, old: Value, was: Value | undefined, value: Value): void => {
    if (isMap(old) && isMap(value)) {
      compareMaps(path, old, isMap(was) ? was : {}, value);
    } else if (Array.isArray(old) && Array.isArray(value)) {
      compareLists(path, old, Array.isArray(was) ? was : [], value);
    } else if (
      !equal(old, value) &&
      !(builtInGroup !== undefined && isSameQuantity(builtInGroup, path, old, value))
    ) {
      found.push({ path, change: "update", value });
    }
  };

  const compareMaps = (path: Path, old: Properties, was: Properties, value: Properties): void => {
    for (const [key, member] of Object.entries(value)) {
      const there = old[key];
      if (there === undefined) add([...path, key], was[key], member);
      else compare([...path, key], there, was[key], member);
    }
    for (const key of Object.keys(old)) {
      if (!Object.hasOwn(value, key)) {
        found.push({ path: [...path, key], change: "delete", value: null });
      }
    }
  };

  const compareLists = (path: Path, old: Value[], was: Value[], value: Value[]): void => {
    for (const [index, item] of value.entries()) {
      const there = old[index];
      if (there === undefined) add([...path, index], was[index], item);
      else compare([...path, index], there, was[index], item);
    }
    for (let index = value.length; index < old.length; index++) {
      found.push({ path: [...path, index], change: "delete", value: null });
    }
  };

  compareMaps([], live, before, after);
  return found;
}
