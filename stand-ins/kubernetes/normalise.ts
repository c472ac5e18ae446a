import { isUnknown } from "../kit/properties.ts";
import { asMap, filterMembers, isMap, omit, type Properties, type Value } from "../kit/values.ts";

/** Metadata that only the API server writes. */
const readOnlyFields = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Inputs as the API server stores them, without nulls and with a Secret's data encoded. */
export function normalise(inputs: Properties): Properties {
  const object = filterMembers(inputs, (member) => member !== null) as Properties;
  const metadata = object.metadata;
  const kept = isMap(metadata)
    ? { ...object, metadata: omit(metadata, ...readOnlyFields) }
    : object;
  return isKind(kept, "v1", "Secret") ? encodeSecret(kept) : withoutStatusOfCrd(kept);
}

function isKind(object: Properties, apiVersion: string, kind: string): boolean {
  return object.apiVersion === apiVersion && object.kind === kind;
}

/** Merges `stringData` over `data` and writes canonical base64. */
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

function withoutStatusOfCrd(object: Properties): Properties {
  if (object.kind !== "CustomResourceDefinition") return object;
  const crd = omit(object, "status");
  const spec = asMap(crd.spec);
  return spec.preserveUnknownFields === false
    ? { ...crd, spec: omit(spec, "preserveUnknownFields") }
    : crd;
}

/**
 * The part of a live object that has the shape of its inputs. Fields that the cluster adds are left out, and
 * changed values of the program's fields are kept.
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

/** Whether the API server omits the value from an object of a built-in kind. */
export function isEmpty(value: Value): boolean {
  if (isMap(value)) return Object.values(value).every(isEmpty);
  return Array.isArray(value) ? value.length === 0 : !value;
}

/** The live object with the empty inputs that the API server omitted. */
export function withEmptyInputs(read: Properties, requested: Properties): Properties {
  const all = { ...read };
  for (const [key, value] of Object.entries(requested)) {
    const there = read[key];
    if (there !== undefined) all[key] = valueWithEmptyInputs(there, value);
    else if (isEmpty(value)) all[key] = value;
  }
  return all;
}

function valueWithEmptyInputs(read: Value, requested: Value): Value {
  if (isMap(read) && isMap(requested)) return withEmptyInputs(read, requested);
  return Array.isArray(read) && Array.isArray(requested)
    ? read.map((item, index) => valueWithEmptyInputs(item, requested[index] ?? null))
    : read;
}
