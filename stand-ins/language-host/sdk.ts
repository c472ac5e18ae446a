import { createRequire } from "node:module";
import path from "node:path";

/** Raised when a program's folder has no Pulumi SDK. */
export class SdkMissing extends Error {
  constructor(module: string, directory: string) {
    super(`${module} is not installed in ${directory}: run npm install there`);
  }
}

/**
 * Finds a file of the SDK that a program uses: first from the program's own folder, then from ours.
 *
 * @throws {SdkMissing}
 */
export function resolveSdk(module: string, directory: string): string {
  for (const from of [path.join(directory, "here.js"), import.meta.filename]) {
    try {
      return createRequire(from).resolve(module);
    } catch {
      // Perhaps the next has it.
    }
  }
  throw new SdkMissing(module, directory);
}
