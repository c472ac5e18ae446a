/** The Kubernetes objects of a stack, read from its exported state. */
import { z } from "zod";

import {
  minikubeRequestSchema,
  minikubeRequestVariable,
  type MinikubeRequest,
} from "../../../programs/minikube/request.ts";

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

/** Keys that mark a special value of the engine, and the mark of a secret. */
const mark = "4dabf18193072939515e22adb298388d";
const secretSchema = z.object({ [mark]: z.string(), plaintext: z.string() });

/** Values without the engine's wrapping of secrets, and without its own keys such as `__fieldManager`. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const secret = secretSchema.safeParse(value);
  if (secret.success) return plain(JSON.parse(secret.data.plaintext));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, member]) => [key, plain(member)]),
  );
}

/** The objects in the order in which the engine recorded them, which is that of their creation. */
export function objectsOf(exported: unknown): KubernetesObject[] {
  return exportSchema
    .parse(exported)
    .deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"))
    .map((resource) => objectSchema.parse(plain(resource.inputs)));
}

/** What the cluster component sent to minikube. Undefined when minikube did not make the cluster. */
export function minikubeRequestOf(exported: unknown): MinikubeRequest | undefined {
  for (const { inputs: values } of exportSchema.parse(exported).deployment.resources) {
    const { create, environment } = plain(values ?? {}) as Record<string, unknown>;
    if (typeof create !== "string" || !/minikube\/main\.ts up$/.test(create)) continue;
    const text = (environment as Record<string, unknown> | undefined)?.[minikubeRequestVariable];
    if (typeof text === "string") return minikubeRequestSchema.parse(JSON.parse(text));
  }
  return undefined;
}
