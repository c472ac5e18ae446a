import { createHash } from "node:crypto";

/**
 * Annotations of a pod template that change with a ConfigMap's data. They replace the pods of a
 * program that reads its configuration only at start.
 */
export function configHash(data: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256").update(JSON.stringify(entries)).digest("hex");
  return { "provenet/config-hash": hash.slice(0, 16) };
}
