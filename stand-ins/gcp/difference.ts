import { hasUnknown } from "../kit/properties.ts";
import { formatPath } from "../kit/paths.ts";
import type { Difference, PropertyChange } from "../kit/provider.ts";
import { asList, equal, isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import { factsOf, nameRuleOf } from "./facts.ts";

/** One changed value. */
interface Changed {
  readonly path: Path;
  readonly change: "add" | "delete" | "update";
  readonly values: readonly (Value | undefined)[];
}

/** What an update of the inputs changes. Without facts about the type, nothing is known to replace it. */
export function differenceOf(type: string, before: Properties, after: Properties): Difference {
  const changed = changesIn(before, after, []);
  const replacing = factsOf(type)?.replacing ?? [];
  const detailed = new Map<string, PropertyChange>();
  const replaces = new Set<string>();
  for (const one of changed) {
    const forced = replacing.some((path) => touches(one, path.split(".")));
    const { change, path } = one;
    detailed.set(formatPath(path), {
      change: forced ? `${change}-replace` : change,
      ofInputs: true,
    });
    if (forced) replaces.add(String(path[0]));
  }
  const { field } = nameRuleOf(type);
  const isAutonamed = asList(after.__defaults).includes(field);
  return {
    changed: changed.length > 0,
    replaces: [...replaces],
    detailed,
    // Two resources cannot have one name at the same time.
    deleteBeforeReplace: replaces.size > 0 && after[field] !== undefined && !isAutonamed,
  };
}

function changesIn(before: Value | undefined, after: Value | undefined, path: Path): Changed[] {
  if (equal(before, after) && !hasUnknown(after)) return [];
  if (isMap(before) && isMap(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => !key.startsWith("__"))
      .flatMap((key) => changesIn(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, index) =>
      changesIn(before[index], after[index], [...path, index]),
    );
  }
  const [was, is] = [before ?? null, after ?? null];
  if (was === null && is === null) return [];
  const change = was === null ? "add" : is === null ? "delete" : "update";
  return [{ path, change, values: [before, after] }];
}

/** Whether a property changes, or a value around it appears, changes or disappears with it. */
function touches({ path, values }: Changed, property: readonly string[]): boolean {
  const names = path.filter((step) => typeof step === "string");
  const rest = property.slice(names.length);
  const isOnTheWay = names.every((step, index) => step === property[index]);
  return isOnTheWay && values.some((value) => holds(value, rest));
}

function holds(value: Value | undefined, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((item) => holds(item, path));
  const [step, ...rest] = path;
  if (step === undefined) return value !== undefined && value !== null;
  return isMap(value) && holds(value[step], rest);
}
