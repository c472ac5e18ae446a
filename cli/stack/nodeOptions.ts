import { join } from "node:path";

/** Files that Node loads first, so that Pulumi's SDK starts and sends its messages faster. */
export const preloads = ["lazySdk.cjs", "lazyMessages.cjs"].map((name) =>
  join(import.meta.dirname, name),
);

/** `NODE_OPTIONS` for the engine: the caller's own, then the preloads. */
export function engineNodeOptions(outer: string | undefined): string {
  const quoted = preloads.map((file) => `--require="${file.replace(/["\\]/g, "\\$&")}"`);
  return [outer ?? "", ...quoted].filter((option) => option !== "").join(" ");
}
