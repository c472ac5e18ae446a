import { parsePath } from "../kit/paths.ts";
import { asMap, at, isMap, omit, type Path, type Properties, type Value } from "../kit/values.ts";
import { ownersOf } from "./fieldManagers.ts";

/**
 * The object without the changes that `ignoreChanges` lists.
 *
 * A field of another manager is left out, so that it keeps its owner. Any other field keeps its live value.
 */
export function keepIgnored(
  object: Properties,
  live: Properties,
  fieldManager: string,
  ignoreChanges: readonly string[],
): Properties {
  return ignoreChanges.map(parsePath).reduce((kept, path) => {
    const { ours, theirs } = ownersOf(live, fieldManager, path);
    if (theirs && !ours) return replaced(kept, path, undefined);
    const value = at(live, ...path);
    return value === undefined ? kept : replaced(kept, path, value);
  }, object);
}

function replaced(object: Properties, path: Path, value: Value | undefined): Properties {
  const [step, ...rest] = path;
  if (typeof step !== "string") return object;
  if (rest.length > 0) {
    const inner = object[step];
    if (inner !== undefined && !isMap(inner)) return object;
    return value === undefined && inner === undefined
      ? object
      : { ...object, [step]: replaced(asMap(inner), rest, value) };
  }
  return value === undefined ? omit(object, step) : { ...object, [step]: value };
}
