import { engineNodeOptions } from "./nodeOptions.ts";
import type { StatePaths } from "./project.ts";

/** Variables for the engine, and whether its backend is the project's own. */
export interface EngineVariables {
  readonly variables: Readonly<Record<string, string>>;
  readonly ownBackend: boolean;
}

/**
 * Adds what the engine needs to the caller's variables. A passphrase that the caller chose is kept,
 * and so is a backend that the caller or Pulumi.yaml names. Otherwise both are the project's own.
 */
export function engineVariables(
  outer: NodeJS.ProcessEnv,
  workplace: Readonly<Record<string, string>>,
  paths: StatePaths,
  lab: string,
  namedBackend: unknown,
): EngineVariables {
  const isSet = (name: string) => (outer[name] ?? "") !== "";
  const ownBackend =
    namedBackend === undefined && !isSet("PULUMI_BACKEND_URL") && !isSet("PULUMI_ACCESS_TOKEN");
  const ownPassphrase =
    outer.PULUMI_CONFIG_PASSPHRASE === undefined && !isSet("PULUMI_CONFIG_PASSPHRASE_FILE");
  const inherited = Object.entries(outer).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ownBackend,
    variables: {
      ...Object.fromEntries(inherited),
      ...workplace,
      ...(ownBackend ? { PULUMI_BACKEND_URL: `file://${paths.backend}` } : {}),
      ...(ownPassphrase ? { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase } : {}),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      NODE_OPTIONS: engineNodeOptions(outer.NODE_OPTIONS),
      PROVENET_LAB: lab,
    },
  };
}
