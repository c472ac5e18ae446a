/** Repairs the folder of a backend whose engine was killed while it wrote. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes truncated attributes. The engine replaces a state file atomically, but not the `.attrs` file
 * that has its content type. It cannot read a state whose attributes are truncated, and needs none.
 */
export function removeTruncatedAttributes(backend: string): void {
  const folder = join(backend, ".pulumi");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (name.endsWith(".attrs") && !isJson(file)) rmSync(file, { force: true });
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
