import { unknownMark } from "../kit/properties.ts";
import { asList, asMap, isMap, type Properties, type Value } from "../kit/values.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Fields } from "./declarations.ts";
import type { Shape } from "./shapes.ts";

/**
 * The outputs that a resource has after an update, as far as a preview knows them.
 *
 * An input is an output with the same value. Every other output is unknown, unless the type says that it may be
 * absent: the original types an output so when the service does not compute it.
 *
 * @param before outputs of an existing resource. They stay, unless an input changes them
 */
export function plannedOutputs(
  catalogue: Catalogue,
  fields: Fields,
  inputs: Properties,
  before: Properties = {},
): Properties {
  const planned: Properties = {};
  for (const [name, { shape, mayBeAbsent }] of fields) {
    const input = inputs[name] ?? null;
    if (input !== null) planned[name] = plannedValue(catalogue, shape, input, before[name]);
    else if (!mayBeAbsent) planned[name] = before[name] ?? unknownMark;
  }
  return planned;
}

function plannedValue(catalogue: Catalogue, shape: Shape, input: Value, before?: Value): Value {
  if (shape.kind === "list" && Array.isArray(input)) {
    return input.map((item, index) =>
      plannedValue(catalogue, shape.of, item, asList(before)[index]),
    );
  }
  if (shape.kind !== "object" || !isMap(input)) return input;
  const old = asMap(before);
  const planned: Properties = { ...input };
  for (const [name, field] of catalogue.object("output", shape.type)) {
    const given = input[name] ?? null;
    if (given !== null) planned[name] = plannedValue(catalogue, field.shape, given, old[name]);
    else if (!field.optional) planned[name] = old[name] ?? unknownMark;
  }
  return planned;
}
