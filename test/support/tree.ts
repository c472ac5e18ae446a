/** The resources of a recorded run as text: nesting, order and lifetime. */
import type { Recorded } from "./recording.ts";

/**
 * The resources as an indented tree, one a line.
 *
 * `after` names what is finished before the resource starts, transitively reduced: what follows from
 * another name, from the parent or from the provider is left out. So the lines change if and only if
 * the order of two resources does.
 */
export function treeOf(resources: readonly Recorded[]): string {
  const order = reducedOrder(resources);
  const lines = (parent: string | undefined, indent: string): string[] =>
    resources
      .filter((resource) => resource.parent === parent)
      .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1))
      .flatMap((resource) => [
        `${indent}${resource.type} ${resource.name}${notes(resource, order(resource))}`,
        ...(resources.some((other) => other.parent === resource.name)
          ? lines(resource.name, `${indent}  `)
          : []),
      ]);
  return `${lines(undefined, "").join("\n")}\n`;
}

/** What a resource comes after, without what follows from the rest. */
function reducedOrder(resources: readonly Recorded[]): (resource: Recorded) => string[] {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  if (byName.size !== resources.length) throw new Error("two resources have one name");
  const known = new Map<string, ReadonlySet<string>>();

  /** All that comes before a resource. */
  const before = (name: string): ReadonlySet<string> => {
    const found = known.get(name);
    if (found) return found;
    const resource = byName.get(name);
    const near = resource ? [...resource.dependsOn, ...implied(resource)] : [];
    const all = new Set(near.flatMap((other) => [other, ...before(other)]));
    known.set(name, all);
    return all;
  };

  return (resource) => {
    const frame = implied(resource);
    const follows = new Set([
      ...frame,
      ...[...frame, ...resource.dependsOn].flatMap((name) => [...before(name)]),
    ]);
    return resource.dependsOn.filter((name) => !follows.has(name));
  };
}

/** What is registered before a resource without any dependency: a child waits for its parent. */
function implied({ parent, provider, deletedWith }: Recorded): string[] {
  return [parent, provider, deletedWith].filter((name) => name !== undefined);
}

function notes(resource: Recorded, after: readonly string[]): string {
  const { provider, deletedWith, deleteBeforeReplace, secretOutputs } = resource;
  const words = [
    ...(after.length === 0 ? [] : [`after ${after.join(", ")}`]),
    ...(provider === undefined ? [] : [`provider ${provider}`]),
    ...(deletedWith === undefined ? [] : [`deleted with ${deletedWith}`]),
    ...(deleteBeforeReplace ? ["deleted before replaced"] : []),
    ...(secretOutputs.length === 0 ? [] : [`secret ${secretOutputs.join(", ")}`]),
  ];
  return words.length === 0 ? "" : ` (${words.join("; ")})`;
}
