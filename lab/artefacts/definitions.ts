import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Artefact } from "./artefact.ts";
import { directoryOfModule } from "./goProgram.ts";

/** Where a component's custom resource definitions lie. */
export interface DefinitionsSource {
  /** The Go program whose go.mod and go.sum name the module and its checksum. */
  readonly program: string;
  readonly module: string;
  readonly folder: string;
}

/**
 * Custom resource definitions, one multi-document YAML file per component, from the source of the
 * very version whose programs read them. Only the module is fetched; nothing is compiled.
 */
export function definitions(
  name: string,
  sources: Readonly<Record<string, DefinitionsSource>>,
): Artefact {
  return {
    name,
    kind: "files",
    version: "as the programs that read them",
    needs: [],
    files: Object.values(sources).map(({ program }) => `lab/modules/${program}`),
    values: sources,
    seconds: 5,
    megabytes: 2,
    async build({ output, cache, say, signal }) {
      for (const [file, { program, module, folder }] of Object.entries(sources)) {
        say(module);
        const source = join(await directoryOfModule(program, module, cache, signal), folder);
        const names = (await readdir(source)).filter((entry) => entry.endsWith(".yaml")).sort();
        const documents = await Promise.all(
          names.map((entry) => readFile(join(source, entry), "utf8")),
        );
        if (documents.length === 0) throw new Error(`${module} has no definition in ${folder}`);
        await writeFile(
          join(output, file),
          documents.map((text) => `---\n${text.trim().replace(/^---\n/, "")}\n`).join(""),
        );
      }
    },
  };
}
