/** The Kubernetes objects of a stack, read from its exported state. */
import { z } from "zod";

import {
  minikubeRequestSchema,
  minikubeRequestVariable,
  type MinikubeRequest,
} from "../../../programs/minikube/request.ts";
import { plainValue } from "../../stack/state.ts";

const inputs = z.record(z.string(), z.unknown());

const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), inputs: inputs.optional() })),
  }),
});

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({ type: z.string().optional() }).optional(),
});

/** A Kubernetes object as `kubectl apply` takes it. */
export type KubernetesObject = z.output<typeof objectSchema>;

/** The objects in the order in which the engine recorded them, which is that of their creation. */
export function objectsOf(exported: unknown): KubernetesObject[] {
  return exportSchema
    .parse(exported)
    .deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"))
    .map((resource) => objectSchema.parse(plainValue(resource.inputs)));
}

/** What the cluster component sent to minikube, with all nodes. Undefined when minikube did not make the cluster. */
export function minikubeRequestOf(exported: unknown): MinikubeRequest | undefined {
  for (const { inputs: values } of exportSchema.parse(exported).deployment.resources) {
    const { create, environment } = plainValue(values ?? {}) as Record<string, unknown>;
    if (typeof create !== "string" || !/minikube\/main\.ts nodes$/.test(create)) continue;
    const text = (environment as Record<string, unknown> | undefined)?.[minikubeRequestVariable];
    if (typeof text === "string") return minikubeRequestSchema.parse(JSON.parse(text));
  }
  return undefined;
}
