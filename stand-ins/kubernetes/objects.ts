import { asMap, asNumber, asText, at, isMap, type Properties, type Value } from "../kit/values.ts";

/** What names an object in a cluster. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The annotations by which a program steers the provider. */
export const annotations = {
  autonamed: "pulumi.com/autonamed",
  skipAwait: "pulumi.com/skipAwait",
  waitFor: "pulumi.com/waitFor",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  patchForce: "pulumi.com/patchForce",
  patchFieldManager: "pulumi.com/patchFieldManager",
  deletionPropagationPolicy: "pulumi.com/deletionPropagationPolicy",
  replaceUnready: "pulumi.com/replaceUnready",
} as const;

/** Reads one annotation; undefined when it is absent or not text. */
export function annotationOf(
  object: Properties,
  key: (typeof annotations)[keyof typeof annotations],
): string | undefined {
  return asText(at(object, "metadata", "annotations", key));
}

/** Reads what names an object; parts that are missing or unknown are empty. */
export function identityOf(object: Properties): Identity {
  return {
    apiVersion: asText(object.apiVersion) ?? "",
    kind: asText(object.kind) ?? "",
    namespace: asText(at(object, "metadata", "namespace")),
    name: asText(at(object, "metadata", "name")) ?? "",
  };
}

/** The API group of an object: empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

const groupsOfK8sIo = [
  ...["admissionregistration", "apiextensions", "apiregistration", "authentication"],
  ...["authorization", "certificates", "coordination", "discovery", "events"],
  ...["flowcontrol.apiserver", "networking", "node", "rbac.authorization", "resource"],
  ...["scheduling", "storage"],
].map((name) => `${name}.k8s.io`);
const builtInGroups = new Set([
  ...["", "apps", "autoscaling", "batch", "extensions", "policy"],
  ...groupsOfK8sIo,
]);

/** Tells whether the API server itself serves a group; what is in any other comes from a definition. */
export function isBuiltIn(group: string): boolean {
  return builtInGroups.has(group);
}

/** `group/Kind`, by which rules for kinds are looked up. */
export function groupKindOf(object: Properties): string {
  const { apiVersion, kind } = identityOf(object);
  return `${groupOf(apiVersion)}/${kind}`;
}

/** How many times the object's spec has changed. */
export function generationOf(object: Properties): number {
  return asNumber(at(object, "metadata", "generation")) ?? 0;
}

/** The id in Pulumi's state: `namespace/name`, or the name alone. */
export function idOf(object: Properties): string {
  const { namespace, name } = identityOf(object);
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** Reads an id from Pulumi's state. */
export function parseId(id: string): { namespace: string | undefined; name: string } {
  const slash = id.indexOf("/");
  return slash < 0
    ? { namespace: undefined, name: id }
    : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Names an object for people: `Deployment shop/web`. */
export function describe(object: Properties): string {
  return `${identityOf(object).kind} ${idOf(object)}`;
}

/** Reads `kubernetes:apps/v1:Deployment`; the core group is written out in tokens only. */
export function typeOf(token: string): { apiVersion: string; kind: string } {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** Tells whether a token is of a `…Patch` resource, which owns some fields of an object that exists. */
export function isPatch(token: string, object: Properties): boolean {
  return typeOf(token).kind === `${identityOf(object).kind}Patch`;
}

/** The condition of a type in an object's status. */
export function conditionOf(object: Properties, type: string): Properties | undefined {
  const conditions = at(object, "status", "conditions");
  const found = Array.isArray(conditions)
    ? conditions.find(
        (condition) => asText(at(condition, "type"))?.toLowerCase() === type.toLowerCase(),
      )
    : undefined;
  return isMap(found) ? found : undefined;
}

/** A copy with another metadata. */
export function withMetadata(object: Properties, metadata: Properties): Properties {
  return { ...object, metadata: { ...asMap(object.metadata), ...metadata } };
}

const dashedNames = [
  "embedded-resource",
  "int-or-string",
  "list-map-keys",
  "list-type",
  "map-type",
  "preserve-unknown-fields",
  "validations",
].map((name) => `x-kubernetes-${name}`);
const toDashes = new Map(dashedNames.map((name) => [name.replaceAll("-", "_"), name]));
const toUnderscores = new Map(dashedNames.map((name) => [name, name.replaceAll("-", "_")]));

function rename(value: Value, names: ReadonlyMap<string, string>): Value {
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  return isMap(value) ? renameAll(value, names) : value;
}

function renameAll(value: Properties, names: ReadonlyMap<string, string>): Properties {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [names.get(key) ?? key, rename(member, names)]),
  );
}

/** The SDK writes `x_kubernetes_…` in schemas of definitions, the API server `x-kubernetes-…`. */
export function toServer(object: Properties): Properties {
  return renameAll(object, toDashes);
}

/** The way back of {@link toServer}. */
export function toProgram(object: Properties): Properties {
  return renameAll(object, toUnderscores);
}
