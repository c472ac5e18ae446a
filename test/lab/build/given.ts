import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Part } from "../../../lab/build/part.ts";

/** A part that leaves a file `made` with its name in it. */
export function part(name: string, changes: Partial<Part> = {}): Part {
  return {
    name,
    kind: "files",
    version: "1",
    needs: [],
    files: [],
    values: {},
    seconds: 1,
    megabytes: 1,
    build: ({ output }) => writeFile(join(output, "made"), name),
    ...changes,
  };
}
