import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A resource plugin that an installed npm package requires. */
export interface RequiredPlugin {
  readonly name: string;
  /** With a leading `v`. */
  readonly version: string;
  readonly server: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
  };
}

/**
 * The installed resource plugins among those that a program's npm packages require.
 *
 * A missing plugin is left out. The engine fails for every plugin that is listed and missing, and a program
 * may depend on packages that this stack does not use. The engine names the plugin when a resource needs it.
 */
export function requiredPlugins(program: string, pluginsDirectory: string): RequiredPlugin[] {
  const plugins = nodeModulesOf(program).flatMap(manifests).flatMap(pluginOf);
  const unique = new Map(plugins.map((plugin) => [plugin.name, plugin] as const).reverse());
  return [...unique.values()].filter(({ name, version }) =>
    existsSync(path.join(pluginsDirectory, `resource-${name}-${version}`)),
  );
}

/** Every node_modules folder up to the root, nearest first. */
function nodeModulesOf(directory: string): string[] {
  const parent = path.dirname(directory);
  const here = path.join(directory, "node_modules");
  return [
    ...(existsSync(here) ? [here] : []),
    ...(parent === directory ? [] : nodeModulesOf(parent)),
  ];
}

function manifests(modules: string): Manifest[] {
  const folders = readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(path.join(modules, name)).map((inner) => path.join(modules, name, inner))
        : [path.join(modules, name)],
    );
  return folders.flatMap((folder) => {
    try {
      return [JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest];
    } catch {
      return [];
    }
  });
}

function pluginOf({ name, version, pulumi }: Manifest): RequiredPlugin[] {
  const number = pulumi?.version ?? version;
  if (pulumi?.resource !== true || name === undefined || number === undefined) return [];
  return [
    {
      name: pulumi.name ?? name.replace(/^@pulumi\//, ""),
      version: `v${number.replace(/^v/, "")}`,
      server: pulumi.server ?? "",
    },
  ];
}
