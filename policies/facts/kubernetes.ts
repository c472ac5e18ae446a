/** Facts about Kubernetes objects. */
import { matchLabels, type LabelExpression, type LabelSelector } from "../../kube/selector.ts";
import { Property } from "../sdk/property.ts";

/** Group and kind of a Kubernetes object. The core group is empty. */
export interface ObjectKind {
  readonly group: string;
  readonly kind: string;
}

/**
 * Group and kind of a resource type such as `kubernetes:apps/v1:Deployment`. Undefined for other
 * types, and for lists and patches, because a patch has only the properties that it changes.
 */
export function kindOf(type: string): ObjectKind | undefined {
  const [, version, kind] = /^kubernetes:([^:]+):(\w+)$/.exec(type) ?? [];
  if (version === undefined || kind === undefined || /(?:List|Patch)$/.test(kind)) return undefined;
  const group = version.includes("/") ? version.slice(0, version.indexOf("/")) : "core";
  return { group: group === "core" ? "" : group, kind };
}

/** Whether the type is one of these kinds of a group. */
export function isKind(type: string, group: string, ...kinds: readonly string[]): boolean {
  const found = kindOf(type);
  return found?.group === group && kinds.includes(found.kind);
}

/** Whether the resource is an Ingress, in its current or its former group. */
export function isIngress(type: string): boolean {
  return ["networking.k8s.io", "extensions"].some((group) => isKind(type, group, "Ingress"));
}

/** The pod template of an object. */
export interface PodTemplate {
  readonly metadata: Property;
  readonly spec: Property;
  /** Whether its pods run to completion, as those of a Job. */
  readonly runsToCompletion: boolean;
}

const templates: Readonly<Record<string, readonly string[]>> = {
  "/Pod": [],
  "/PodTemplate": ["template"],
  "/ReplicationController": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "apps/Deployment": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "batch/Job": ["spec", "template"],
};

/** The pod template of a resource, or undefined if it has none. */
export function podTemplateOf(type: string, props: object): PodTemplate | undefined {
  const { group, kind } = kindOf(type) ?? { group: "", kind: "" };
  const keys = templates[`${group}/${kind}`];
  if (keys === undefined) return undefined;
  const template = Property.of(props).at(...keys);
  return {
    metadata: template.at("metadata"),
    spec: template.at("spec"),
    runsToCompletion: group === "batch",
  };
}

/** `init` containers complete before the others start. A `sidecar` is an init container that restarts. */
export type ContainerRole = "main" | "init" | "sidecar";

/** A container of a pod. */
export interface Container {
  readonly property: Property;
  readonly role: ContainerRole;
}

/** All containers of a pod. */
export function containersOf(pod: PodTemplate): Container[] {
  const main = pod.spec.at("containers").items();
  const init = pod.spec.at("initContainers").items();
  return [
    ...main.map((property): Container => ({ property, role: "main" })),
    ...init.map((property): Container => ({
      property,
      role: property.at("restartPolicy").text === "Always" ? "sidecar" : "init",
    })),
  ];
}

/** A namespace's name, or `unknown` in a preview. */
export type Namespace = { readonly name: string } | "unknown";

/** The object's namespace, else its provider's, else `default`. */
export function namespaceOf(resource: {
  readonly props: object;
  readonly provider?: { readonly props: object };
}): Namespace {
  const own = Property.of(resource.props).at("metadata", "namespace");
  const given = Property.of(resource.provider?.props ?? {}).at("namespace");
  for (const { isUnknown, text } of [own, given]) {
    if (isUnknown) return "unknown";
    if (text !== undefined && text !== "") return { name: text };
  }
  return { name: "default" };
}

/** Whether the two may be the same namespace. An unknown one may be any. */
export function maybeSameNamespace(a: Namespace, b: Namespace): boolean {
  return a === "unknown" || b === "unknown" || a.name === b.name;
}

/** Whether the labels may match a plain selector, such as a Service's. Unknown values may match. */
export function maybeMatchesLabels(selector: Property, labels: Property): boolean {
  return maybeMatches({ matchLabels: textsOf(selector) }, labels);
}

/** Whether the labels may match `matchLabels` and `matchExpressions`. Unknown values may match. */
export function maybeSatisfies(selector: Property, labels: Property): boolean {
  const matchExpressions = selector
    .at("matchExpressions")
    .items()
    .flatMap((expression) => expressionOf(expression) ?? []);
  return maybeMatches(
    { matchLabels: textsOf(selector.at("matchLabels")), matchExpressions },
    labels,
  );
}

function maybeMatches(selector: LabelSelector, labels: Property): boolean {
  return matchLabels(selector, labels.isUnknown ? undefined : textsOf(labels)) !== "no";
}

/** The requirement, or undefined while its key is unknown and any label may meet it. */
function expressionOf(expression: Property): LabelExpression | undefined {
  const key = expression.at("key").text;
  if (key === undefined) return undefined;
  const values = expression.at("values");
  return {
    key,
    operator: expression.at("operator").text ?? "unknown",
    values: values.isUnknown ? [undefined] : values.items().map(({ text }) => text),
  };
}

function textsOf(map: Property): Record<string, string | undefined> {
  return Object.fromEntries(map.entries().map(([key, { text }]) => [key, text]));
}
