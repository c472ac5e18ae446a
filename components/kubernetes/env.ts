import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

/** An environment variable with a field of the pod, such as `spec.nodeName`. */
export function fromField(name: string, fieldPath: string): input.core.v1.EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** An environment variable with one key of a ConfigMap in the pod's namespace. */
export function fromConfigMap(
  name: string,
  configMap: pulumi.Input<string>,
  key: string,
): input.core.v1.EnvVar {
  return { name, valueFrom: { configMapKeyRef: { name: configMap, key } } };
}
