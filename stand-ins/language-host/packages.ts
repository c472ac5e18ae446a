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
  const installed = new Set(existsSync(pluginsDirectory) ? readdirSync(pluginsDirectory) : []);
  const seen = new Set<string>();
  const required: RequiredPlugin[] = [];
  for (const plugin of declaredPlugins(program)) {
    const { name, version } = plugin;
    if (!seen.has(name) && installed.delete(`resource-${name}-${version}`)) required.push(plugin);
    seen.add(name);
    // The remaining packages can only name plugins that are not installed.
    if (installed.size === 0) break;
  }
  return required;
}

function* declaredPlugins(program: string): Iterable<RequiredPlugin> {
  for (const modules of nodeModulesOf(program)) {
    for (const folder of packagesIn(modules)) yield* pluginOf(manifestIn(folder));
  }
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

/** Folders of the packages in a node_modules folder. Scoped packages come first. */
function* packagesIn(modules: string): Iterable<string> {
  for (const name of readdirSync(modules).sort()) {
    const folder = path.join(modules, name);
    if (name.startsWith("@")) yield* readdirSync(folder).map((inner) => path.join(folder, inner));
    else if (!name.startsWith(".")) yield folder;
  }
}

function manifestIn(folder: string): Manifest {
  try {
    const text = readFileSync(path.join(folder, "package.json"), "utf8");
    return text.includes('"pulumi"') ? (JSON.parse(text) as Manifest) : {};
  } catch {
    return {};
  }
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
