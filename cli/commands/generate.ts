/** `npm run generate`: writes the files that come from the configuration's schema. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { generatedFiles } from "../generate/files.ts";
import { exitCodes } from "../../messages/errors.ts";
import { projectRoot } from "../stack/project.ts";

/** Writes each generated file and prints its name. */
export function generate(): number {
  for (const [name, textOf] of Object.entries(generatedFiles)) {
    const file = join(projectRoot, name);
    writeFileSync(file, textOf(existsSync(file) ? readFileSync(file, "utf8") : ""));
    console.log(name);
  }
  return exitCodes.done;
}
