import { formatPath, liesUnder, parsePath } from "../kit/paths.ts";
import type { Difference, Operation, PropertyChange } from "../kit/provider.ts";
import { asMap, omit, type Properties } from "../kit/values.ts";
import { differencesIn, type PropertyDifference } from "./differences.ts";
import { forceNewOf, touches, type Mutability } from "./forceNew.ts";
import { isAutonamed, isNamed } from "./naming.ts";
import { normalise, prune } from "./normalise.ts";
import { groupOf, identityOf, isBuiltIn, isPatch, withMetadata } from "./objects.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** What an update of an object changes. */
export function differenceOf(
  operation: Operation,
  { inputs, live }: Checkpoint,
  news: Properties,
  mutability: Mutability,
  namespaced: boolean,
): Difference {
  const before = normalise(inputs);
  const after = canonical(normalise(news), namespaced);
  const named = isNamed(after);
  const pruned = prune(normalise(live), before);
  const withIdentity: Properties = {
    ...pruned,
    apiVersion: pruned.apiVersion ?? after.apiVersion ?? "",
    kind: pruned.kind ?? after.kind ?? "",
  };
  const base = canonical(
    named ? withMetadata(withIdentity, { name: identityOf(live).name }) : withIdentity,
    namespaced,
  );
  const ignored = operation.ignoreChanges.map(parsePath);
  const group = groupOf(identityOf(after).apiVersion);
  const differences = differencesIn({
    live: base,
    before,
    after,
    builtInGroup: isBuiltIn(group) ? group : undefined,
  }).filter(({ path }) => !ignored.some((root) => liesUnder(path, root)));

  const forced = forceNewOf(after, mutability, isPatch(operation.type, after));
  const replacing = differences.filter((difference) => forces(difference, forced));
  const detailed = new Map<string, PropertyChange>(
    differences.map((difference) => {
      const { path, change } = difference;
      const replaces = replacing.includes(difference);
      return [
        formatPath(path),
        { change: replaces ? `${change}-replace` : change, ofInputs: change === "delete" },
      ];
    }),
  );
  const sameIdentity =
    identityOf(after).name === identityOf(live).name &&
    identityOf(after).namespace === identityOf(canonical(live, namespaced)).namespace;
  return {
    changed: differences.length > 0,
    replaces: replacing.map(({ path }) => formatPath(path)),
    detailed,
    // An object with a fixed name cannot exist at the same time as its successor.
    deleteBeforeReplace: replacing.length > 0 && named && !isAutonamed(after) && sameIdentity,
  };
}

function forces(
  { path, value }: PropertyDifference,
  forced: readonly (readonly (string | number)[])[],
): boolean {
  return forced.some((property) => touches(path, value, property));
}

/** The object with its effective namespace. Cluster-scoped objects have none. */
function canonical(object: Properties, namespaced: boolean): Properties {
  const metadata = asMap(object.metadata);
  if (namespaced) return withMetadata(object, { namespace: metadata.namespace || "default" });
  return { ...object, metadata: omit(metadata, "namespace") };
}
