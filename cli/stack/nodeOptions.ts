import { join } from "node:path";

/** The file that makes Pulumi's SDK load its unused parts only when they are called. */
export const lazySdkFile = join(import.meta.dirname, "lazySdk.cjs");

/** `NODE_OPTIONS` for the engine: the caller's own, then the lazy SDK. */
export function engineNodeOptions(outer: string | undefined): string {
  const quoted = `"${lazySdkFile.replace(/["\\]/g, "\\$&")}"`;
  return [outer ?? "", `--require=${quoted}`].filter((option) => option !== "").join(" ");
}
