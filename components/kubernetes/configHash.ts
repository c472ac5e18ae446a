import { createHash } from "node:crypto";

/** Annotation of a pod template that holds a {@link dataHash}. */
export const dataHashAnnotation = "provenet/config-hash";

/**
 * A short hash for a pod template's annotation: pods that read a ConfigMap only when they start are
 * replaced when its data changes.
 */
export function dataHash(data: Readonly<Record<string, string>>): string {
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 16);
}
