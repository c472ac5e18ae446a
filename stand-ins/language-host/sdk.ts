import { createRequire } from "node:module";
import path from "node:path";

import { UserError } from "../../messages/errors.ts";

/**
 * The path of an SDK module, from the program's folder or from this project.
 *
 * @throws {UserError} when neither has the SDK.
 */
export function resolveSdk(module: string, directory: string): string {
  for (const from of [path.join(directory, "here.js"), import.meta.filename]) {
    try {
      return createRequire(from).resolve(module);
    } catch {
      // The next folder may have it.
    }
  }
  throw new UserError(`${module} is not installed in ${directory}`, "run npm ci there");
}
