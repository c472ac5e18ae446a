import {
  asList,
  asMap,
  asText,
  at,
  equal,
  isMap,
  type Properties,
  type Value,
} from "../kit/values.ts";

/** The field manager of a creation. */
export const creatingManager = "pulumi-kubernetes";

/** Managers whose plain updates are adopted, because they conflict with the first server-side apply. */
const adoptedManagers = [
  { manager: "kubectl", operation: "Apply" },
  { manager: "kubectl", operation: "Update" },
  { manager: "before-first-apply", operation: "Update" },
  { manager: creatingManager, operation: "Update" },
  { manager: "pulumi-kubernetes.exe", operation: "Update" },
  { manager: "pulumi-resource-kubernetes", operation: "Update" },
];

/** Whether this provider wrote the object without server-side apply. */
export function hasPlainUpdates(live: Properties): boolean {
  return managedFields(live).some(
    (entry) =>
      entry.operation === "Update" &&
      [creatingManager, "pulumi-kubernetes.exe", "pulumi-resource-kubernetes"].includes(
        asText(entry.manager) ?? "",
      ),
  );
}

/** The object's managed fields. */
export function managedFields(live: Properties): Properties[] {
  return asList(at(live, "metadata", "managedFields")).map(asMap);
}

/**
 * The managed fields after `manager` has adopted those of the listed managers. Undefined without a change.
 * Fields of a subresource, such as the status, keep their owner.
 */
export function adoptedFields(live: Properties, manager: string): Properties[] | undefined {
  const entries = managedFields(live);
  const own = (entry: Properties) =>
    entry.manager === manager && entry.operation === "Apply" && isMain(entry);
  const adopted = entries.filter(
    (entry) =>
      isMain(entry) &&
      adoptedManagers.some(
        (candidate) =>
          candidate.manager === entry.manager && candidate.operation === entry.operation,
      ),
  );
  const [first] = adopted;
  if (!first) return undefined;
  const united: Properties = {
    ...(entries.find(own) ?? first),
    manager,
    operation: "Apply",
    fieldsV1: [...entries.filter(own), ...adopted]
      .map((entry) => asMap(entry.fieldsV1))
      .reduce(unite, {}),
  };
  const others = entries.filter((entry) => !own(entry) && !adopted.includes(entry));
  const result = [united, ...others];
  return equal(result, entries) ? undefined : result;
}

function isMain(entry: Properties): boolean {
  return (asText(entry.subresource) ?? "") === "";
}

/** The union of two sets of fields, which are trees of keys. */
function unite(one: Properties, other: Properties): Properties {
  const all = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const there: Value | undefined = all[key];
    all[key] = isMap(there) && isMap(value) ? unite(there, value) : value;
  }
  return all;
}

/** Whether `manager` and whether any other manager owns the field at a path. */
export function ownersOf(
  live: Properties,
  manager: string,
  path: readonly (string | number)[],
): { ours: boolean; theirs: boolean } {
  const owns = (entry: Properties) =>
    path.length > 0 && at(entry.fieldsV1, ...path.map((step) => `f:${step}`)) !== undefined;
  const entries = managedFields(live);
  return {
    ours: entries.some((entry) => entry.manager === manager && owns(entry)),
    theirs: entries.some((entry) => entry.manager !== manager && owns(entry)),
  };
}
