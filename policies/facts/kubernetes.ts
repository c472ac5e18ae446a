/** What several rules must know about Kubernetes objects. */
import { Property } from "../sdk/property.ts";

/** Group and kind of a Kubernetes object; the core group is empty. */
export interface ObjectKind {
  readonly group: string;
  readonly kind: string;
}

/**
 * The kind behind a resource type such as `kubernetes:apps/v1:Deployment`; undefined for anything
 * else, lists and patches included: a patch names only what it changes.
 */
export function kindOf(type: string): ObjectKind | undefined {
  const [, version, kind] = /^kubernetes:([^:]+):(\w+)$/.exec(type) ?? [];
  if (version === undefined || kind === undefined || /(?:List|Patch)$/.test(kind)) return undefined;
  const group = version.includes("/") ? version.slice(0, version.indexOf("/")) : "core";
  return { group: group === "core" ? "" : group, kind };
}

/** Whether the resource is an object of this group and kind. */
export function isKind(type: string, group: string, ...kinds: readonly string[]): boolean {
  const found = kindOf(type);
  return found?.group === group && kinds.includes(found.kind);
}

/** Whether the resource is an Ingress, in its current or its former group. */
export function isIngress(type: string): boolean {
  return ["networking.k8s.io", "extensions"].some((group) => isKind(type, group, "Ingress"));
}

/** The pod that an object runs. */
export interface PodTemplate {
  readonly metadata: Property;
  readonly spec: Property;
  /** Whether its pods end by themselves, as a Job's do. */
  readonly endsByItself: boolean;
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

/** The pod that this resource runs; undefined when it runs none. */
export function podTemplateOf(type: string, props: object): PodTemplate | undefined {
  const { group, kind } = kindOf(type) ?? { group: "", kind: "" };
  const keys = templates[`${group}/${kind}`];
  if (keys === undefined) return undefined;
  const template = Property.of(props).at(...keys);
  return {
    metadata: template.at("metadata"),
    spec: template.at("spec"),
    endsByItself: group === "batch",
  };
}

/** What a container is for: `init` runs to its end before the others, `sidecar` beside them. */
export type ContainerRole = "main" | "init" | "sidecar";

/** A container of a pod. */
export interface Container {
  readonly property: Property;
  readonly role: ContainerRole;
}

/** All containers that a pod declares. */
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

/** What can be known of an object's namespace: a name, or `unknown` until something exists. */
export type Namespace = { readonly name: string } | "unknown";

/** The namespace that an object is put into: its own, else its provider's, else `default`. */
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

/** Whether the two may be the same namespace; what is unknown may be any. */
export function maybeSameNamespace(a: Namespace, b: Namespace): boolean {
  return a === "unknown" || b === "unknown" || a.name === b.name;
}

/** Whether labels may hold every pair of this selector; what is unknown may be any value. */
export function maybeMatchesLabels(selector: Property, labels: Property): boolean {
  if (selector.isUnknown || labels.isUnknown) return true;
  return selector.entries().every(([key, wanted]) => {
    const label = labels.at(key);
    return wanted.isUnknown || label.isUnknown || wanted.text === label.text;
  });
}

/** Whether labels may satisfy a label selector, with its `matchLabels` and `matchExpressions`. */
export function maybeSatisfies(selector: Property, labels: Property): boolean {
  if (!maybeMatchesLabels(selector.at("matchLabels"), labels)) return false;
  return selector
    .at("matchExpressions")
    .items()
    .every((expression) => {
      const key = expression.at("key").text;
      if (key === undefined || labels.isUnknown) return true;
      const label = labels.at(key);
      const values = expression.at("values").items();
      if (label.isUnknown || values.some(({ isUnknown }) => isUnknown)) return true;
      const listed = values.some(({ text }) => text !== undefined && text === label.text);
      switch (expression.at("operator").text) {
        case "In":
          return listed;
        case "NotIn":
          return !listed;
        case "Exists":
          return !label.isMissing;
        case "DoesNotExist":
          return label.isMissing;
        default:
          return true;
      }
    });
}
