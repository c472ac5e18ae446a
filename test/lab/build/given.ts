import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Artefact } from "../../../lab/build/artefact.ts";

/** An artefact that leaves a file `made` with its name in it. */
export function artefact(name: string, changes: Partial<Artefact> = {}): Artefact {
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
