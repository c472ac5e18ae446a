import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { Part } from "../build/part.ts";
import { directoryOfModule } from "./goProgram.ts";

/** Where upstream keeps a component's CRDs. */
export interface CrdsSource {
  /** Part whose go.mod and go.sum pin the module. */
  readonly program: string;
  readonly module: string;
  readonly folder: string;
}

/**
 * CRDs, one multi-document YAML file per component. They come from the module version that the
 * programs are built from. The module is fetched and nothing is compiled.
 */
export function crds(name: string, sources: Readonly<Record<string, CrdsSource>>): Part {
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
        if (documents.length === 0) throw new Error(`${module} has no CRD in ${folder}`);
        // JSON is valid YAML and much faster to parse, which every preview does.
        await writeFile(
          join(output, file),
          documents.map((document) => `---\n${JSON.stringify(document)}\n`).join(""),
        );
      }
    },
  };
}
