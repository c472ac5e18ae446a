/**
 * The cluster of the gke stack with changed properties and further objects, which the component's
 * arguments do not allow. The policies must refuse them.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { createCluster } from "../../../components/cluster/createCluster.ts";
import { readSettings } from "../../../components/config/read.ts";

type Properties = Record<string, unknown>;

/** What a test makes unsafe. */
export interface Unsafe {
  /** Properties by resource type. An object is merged into the present one, and null removes it. */
  readonly changes?: Readonly<Record<string, Properties>>;
  /** Objects in the cluster, by their names in the stack. */
  readonly objects?: Readonly<Record<string, k8s.apiextensions.CustomResourceArgs>>;
}

const { changes = {}, objects = {} } = new pulumi.Config("test").requireObject<Unsafe>("unsafe");

pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
  const change = changes[type];
  return change === undefined ? undefined : { props: merged(props, change), opts };
});

const cluster = createCluster("cluster", readSettings().cluster);
for (const [name, object] of Object.entries(objects)) {
  new k8s.apiextensions.CustomResource(name, object, cluster.options);
}

function merged(present: Properties, change: Properties): Properties {
  const result = { ...present };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = isPlain(before) && isPlain(value) ? merged(before, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Properties {
  return typeof value === "object" && value?.constructor === Object;
}
