import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { UserError } from "../../messages/errors.ts";
import { type Fields, fieldsUnder } from "./declarations.ts";

/** What @pulumi/gcp declares about a resource type. */
export interface Declared {
  readonly inputs: Fields;
  readonly outputs: Fields;
  /** Outputs that the SDK marks as secret. */
  readonly secretOutputs: readonly string[];
}

/** Whether a type is declared for what a program writes or for what it reads. */
export type Side = "input" | "output";

/**
 * The types of the installed @pulumi/gcp. Declarations are read when a resource needs them: the package has
 * 1,500 resource types, and a preview uses a dozen.
 */
export class Catalogue {
  readonly #folder: string;
  readonly #texts = new Map<string, string>();
  readonly #resources = new Map<string, Declared | undefined>();
  readonly #objects = new Map<string, Fields>();

  constructor(folder: string = installedPackage()) {
    this.#folder = folder;
  }

  /** The declared version of the package. */
  get version(): string {
    const manifest = JSON.parse(this.#read("package.json")) as { version: string };
    return manifest.version;
  }

  /** The arguments of the provider. */
  get provider(): Fields {
    return this.#under("provider.d.ts", "export interface ProviderArgs {");
  }

  /** A resource type by its token, such as `gcp:container/cluster:Cluster`. Undefined for no such type. */
  resource(type: string): Declared | undefined {
    if (!this.#resources.has(type)) this.#resources.set(type, this.#declared(type));
    return this.#resources.get(type);
  }

  /** The fields of an object type, such as `container.ClusterAddonsConfig`. */
  object(side: Side, name: string): Fields {
    const key = `${side} ${name}`;
    const known = this.#objects.get(key);
    if (known) return known;
    const fields = this.#objectFields(side, name);
    this.#objects.set(key, fields);
    return fields;
  }

  #objectFields(side: Side, name: string): Fields {
    const file = path.join("types", `${side}.d.ts`);
    const [namespace, member] = name.split(".");
    if (member === undefined) return this.#under(file, `export interface ${name} {`);
    return this.#under(`${file} ${namespace}`, `    interface ${member} {`);
  }

  #declared(type: string): Declared | undefined {
    const [, folder = "", stem = ""] = /^gcp:(\w+)\/(\w+):\w+$/.exec(type) ?? [];
    const file = this.#fileOf(type, folder, stem);
    if (file === undefined) return undefined;
    const declarations = file.replace(/js$/, "d.ts");
    const declaration = /export declare class (\w+) extends pulumi.CustomResource \{/;
    const [heading = "", name = ""] = declaration.exec(this.#read(declarations)) ?? [];
    const [, secrets = ""] = /additionalSecretOutputs: \[([^\]]*)\]/.exec(this.#read(file)) ?? [];
    return {
      inputs: this.#under(declarations, `export interface ${name}Args {`),
      outputs: this.#under(declarations, heading),
      secretOutputs: [...secrets.matchAll(/"(\w+)"/g)].map(([, output = ""]) => output),
    };
  }

  /** The module of a resource type. Its name differs from the token's in capitals, or ends in `_`. */
  #fileOf(type: string, folder: string, stem: string): string | undefined {
    if (stem === "" || !existsSync(path.join(this.#folder, folder))) return undefined;
    return readdirSync(path.join(this.#folder, folder))
      .filter((name) => /^(\w+?)_?\.js$/.exec(name)?.[1]?.toLowerCase() === stem.toLowerCase())
      .map((name) => path.join(folder, name))
      .find((file) => this.#read(file).includes(`__pulumiType = '${type}'`));
  }

  #under(file: string, heading: string): Fields {
    const fields = fieldsUnder(this.#read(file), heading);
    if (fields) return fields;
    throw new Error(
      `${file} of @pulumi/gcp ${this.version} has no "${heading}". This is a bug in provenet. Report it with this message.`,
    );
  }

  /** A file's text, or after a blank the text of one namespace in it. */
  #read(place: string): string {
    const known = this.#texts.get(place);
    if (known !== undefined) return known;
    const [file = "", namespace] = place.split(" ");
    const text =
      namespace === undefined
        ? // The names are ASCII, and decoding ten megabytes of UTF-8 takes longer than the checks.
          readFileSync(path.join(this.#folder, file), "latin1")
        : namespaceIn(this.#read(file), namespace);
    this.#texts.set(place, text);
    return text;
  }
}

function namespaceIn(text: string, name: string): string {
  const start = text.indexOf(`\nexport declare namespace ${name} {`);
  return start === -1 ? "" : text.slice(start, text.indexOf("\n}", start));
}

/** The folder of the package that npm installed. */
function installedPackage(): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve("@pulumi/gcp/package.json"));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(`@pulumi/gcp is not installed: ${reason ?? ""}`, "run npm ci");
  }
}
