import { isUnknown } from "../kit/properties.ts";
import { asMap, filterMembers, isMap, omit, type Properties, type Value } from "../kit/values.ts";

/** Fields of metadata that only the API server writes. */
const readOnlyFields = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Writes inputs as the API server will store them: nothing that means nothing, a Secret's data encoded. */
export function normalise(inputs: Properties): Properties {
  const object = filterMembers(inputs, (member) => member !== null) as Properties;
  const metadata = object.metadata;
  const kept = isMap(metadata)
    ? { ...object, metadata: omit(metadata, ...readOnlyFields) }
    : object;
  return isKind(kept, "v1", "Secret") ? encodeSecret(kept) : withoutStatusOfDefinition(kept);
}

function isKind(object: Properties, apiVersion: string, kind: string): boolean {
  return object.apiVersion === apiVersion && object.kind === kind;
}

/** `stringData` becomes `data`, over which it has precedence; `data` is written in canonical base64. */
function encodeSecret(secret: Properties): Properties {
  const { stringData, ...rest } = secret;
  const plain = Object.entries(asMap(stringData));
  if (isUnknown(stringData) || isUnknown(secret.data)) return secret;
  if (plain.length > 0) {
    const encoded = plain.map(([key, value]) => [key, encoded64(value, "utf8")]);
    return { ...rest, data: { ...asMap(secret.data), ...Object.fromEntries(encoded) } as Value };
  }
  if (!isMap(secret.data)) return secret;
  const again = Object.entries(secret.data).map(([key, value]) => [
    key,
    encoded64(value, "base64"),
  ]);
  return { ...secret, data: Object.fromEntries(again) as Properties };
}

function encoded64(value: Value, from: "utf8" | "base64"): Value {
  return typeof value !== "string" || isUnknown(value)
    ? value
    : Buffer.from(value, from).toString("base64");
}

function withoutStatusOfDefinition(object: Properties): Properties {
  if (object.kind !== "CustomResourceDefinition") return object;
  const definition = omit(object, "status");
  const spec = asMap(definition.spec);
  return spec.preserveUnknownFields === false
    ? { ...definition, spec: omit(spec, "preserveUnknownFields") }
    : definition;
}

/**
 * The part of a live object that has the shape of the inputs which made it: what the cluster adds is none of
 * the program's business, and what somebody changed in the program's own fields is.
 */
export function prune(live: Properties, shape: Properties): Properties {
  const kept: Properties = {};
  for (const [key, value] of Object.entries(live)) {
    const like = shape[key];
    if (like !== undefined) kept[key] = pruneValue(value, like);
  }
  return kept;
}

function pruneValue(value: Value, like: Value): Value {
  if (isMap(value) && isMap(like)) return prune(value, like);
  if (Array.isArray(value) && Array.isArray(like)) {
    return value.slice(0, like.length).map((item, index) => pruneValue(item, like[index] ?? null));
  }
  return value;
}

/** What the API server leaves out of an object of its own kinds: zero, empty, false. */
export function isNothing(value: Value): boolean {
  if (isMap(value)) return Object.values(value).every(isNothing);
  return Array.isArray(value) ? value.length === 0 : !value;
}

/** Puts back into what was read the inputs that the API server left out because they mean nothing. */
export function withNothings(read: Properties, asked: Properties): Properties {
  const all = { ...read };
  for (const [key, value] of Object.entries(asked)) {
    const there = read[key];
    if (there !== undefined) all[key] = valueWithNothings(there, value);
    else if (isNothing(value)) all[key] = value;
  }
  return all;
}

function valueWithNothings(read: Value, asked: Value): Value {
  if (isMap(read) && isMap(asked)) return withNothings(read, asked);
  return Array.isArray(read) && Array.isArray(asked)
    ? read.map((item, index) => valueWithNothings(item, asked[index] ?? null))
    : read;
}
