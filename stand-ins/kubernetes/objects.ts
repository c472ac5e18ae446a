import { schemaExtensions } from "../../kube/schemaExtensions.ts";
import { asMap, asNumber, asText, at, isMap, type Properties, type Value } from "../kit/values.ts";

/** Kind, namespace and name of an object. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Annotations that configure the provider. */
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

/** An annotation's value. Undefined when it is absent or not text. */
export function annotationOf(
  object: Properties,
  key: (typeof annotations)[keyof typeof annotations],
): string | undefined {
  return asText(at(object, "metadata", "annotations", key));
}

/** The identity of an object. Missing and unknown parts are empty. */
export function identityOf(object: Properties): Identity {
  return {
    apiVersion: asText(object.apiVersion) ?? "",
    kind: asText(object.kind) ?? "",
    namespace: asText(at(object, "metadata", "namespace")),
    name: asText(at(object, "metadata", "name")) ?? "",
  };
}

/** The API group, which is empty for the core group. */
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

/** Whether the API server serves the group without a CRD. */
export function isBuiltIn(group: string): boolean {
  return builtInGroups.has(group);
}

/** `group/Kind`, the key of tables by kind. */
export function groupKindOf(object: Properties): string {
  const { apiVersion, kind } = identityOf(object);
  return `${groupOf(apiVersion)}/${kind}`;
}

/** The generation of the object's spec. */
export function generationOf(object: Properties): number {
  return asNumber(at(object, "metadata", "generation")) ?? 0;
}

/** The id in Pulumi's state, `namespace/name` or `name`. */
export function idOf(object: Properties): string {
  const { namespace, name } = identityOf(object);
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** Parses an id from Pulumi's state. */
export function parseId(id: string): { namespace: string | undefined; name: string } {
  const slash = id.indexOf("/");
  return slash < 0
    ? { namespace: undefined, name: id }
    : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** An object in a message, such as `Deployment shop/web`. */
export function describe(object: Properties): string {
  return `${identityOf(object).kind} ${idOf(object)}`;
}

/** Parses a token such as `kubernetes:apps/v1:Deployment`. Only tokens spell out the core group. */
export function typeOf(token: string): { apiVersion: string; kind: string } {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** Whether a token names a `…Patch` resource, which owns some fields of an existing object. */
export function isPatch(token: string, object: Properties): boolean {
  return typeOf(token).kind === `${identityOf(object).kind}Patch`;
}

/** A condition in an object's status. */
export function conditionOf(object: Properties, type: string): Properties | undefined {
  const conditions = at(object, "status", "conditions");
  const found = Array.isArray(conditions)
    ? conditions.find(
        (condition) => asText(at(condition, "type"))?.toLowerCase() === type.toLowerCase(),
      )
    : undefined;
  return isMap(found) ? found : undefined;
}

/** A copy with merged metadata. */
export function withMetadata(object: Properties, metadata: Properties): Properties {
  return { ...object, metadata: { ...asMap(object.metadata), ...metadata } };
}

const toDashes = new Map<string, string>(
  schemaExtensions.map((name) => [name.replaceAll("-", "_"), name]),
);
const toUnderscores = new Map<string, string>(
  schemaExtensions.map((name) => [name, name.replaceAll("-", "_")]),
);

function rename(value: Value, names: ReadonlyMap<string, string>): Value {
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  return isMap(value) ? renameAll(value, names) : value;
}

function renameAll(value: Properties, names: ReadonlyMap<string, string>): Properties {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [names.get(key) ?? key, rename(member, names)]),
  );
}

/** Renames the SDK's `x_kubernetes_…` keys to the API server's `x-kubernetes-…`. */
export function toServer(object: Properties): Properties {
  return renameAll(object, toDashes);
}

/** The inverse of {@link toServer}. */
export function toProgram(object: Properties): Properties {
  return renameAll(object, toUnderscores);
}
