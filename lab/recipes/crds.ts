import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { Artefact } from "../build/artefact.ts";
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
    files: [
      "lab/recipes/crds.ts",
      ...Object.values(sources).map(({ program }) => `lab/files/modules/${program}`),
    ],
    values: sources,
    seconds: 5,
    megabytes: 2,
    async build({ output, cache, say, signal }) {
      for (const [file, { program, module, folder }] of Object.entries(sources)) {
        say(module);
        const source = join(await directoryOfModule(program, module, cache, signal), folder);
        const names = (await readdir(source)).filter((entry) => entry.endsWith(".yaml")).sort();
        const texts = await Promise.all(
          names.map((entry) => readFile(join(source, entry), "utf8")),
        );
        const documents = texts.flatMap((text) =>
          parseAllDocuments(text).map((document) => document.toJSON() as unknown),
        );
        if (documents.length === 0) throw new Error(`${module} has no definition in ${folder}`);
        // JSON is YAML too, and read many times faster at every preview.
        await writeFile(
          join(output, file),
          documents.map((document) => `---\n${JSON.stringify(document)}\n`).join(""),
        );
      }
    },
  };
}
