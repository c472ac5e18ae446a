import { equal, isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import { isNothing } from "./normalise.ts";
import { isSameQuantity } from "./quantities.ts";

/** One property in which two objects differ. */
export interface PropertyDifference {
  readonly path: Path;
  readonly change: "add" | "delete" | "update";
  /** The new value; null when it goes. */
  readonly value: Value;
}

/** What is compared. */
export interface Comparison {
  /** The live object, pruned to the shape of the inputs that made it. */
  readonly live: Properties;
  /** These inputs. */
  readonly before: Properties;
  /** The inputs that the program gives now. */
  readonly after: Properties;
  /** The API group, for built-in kinds; undefined for kinds that a definition made. */
  readonly builtInGroup: string | undefined;
}

/** Finds in what the new inputs differ from the live object. */
export function differencesIn({
  live,
  before,
  after,
  builtInGroup,
}: Comparison): PropertyDifference[] {
  const found: PropertyDifference[] = [];
  const add = (path: Path, was: Value | undefined, value: Value) => {
    // The API server leaves out what means nothing, so that such a value is never found in the live object.
    if (builtInGroup === undefined || !(isNothing(value) && equal(was, value))) {
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
