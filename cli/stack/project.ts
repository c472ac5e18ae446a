/** Where the project keeps what: one place for paths, names and what the environment says. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { isLabName, labNameForm } from "../../lab/directories.ts";
import { CommandFault, exitCodes } from "../report/fault.ts";

/** Folder of the checkout. */
export const projectRoot = join(import.meta.dirname, "..", "..");

/** Name of the lab whose state and namespaces are used; `PROVENET_LAB` chooses another. */
export function labName(environment: NodeJS.ProcessEnv = process.env): string {
  const name = environment["PROVENET_LAB"] ?? "provenet";
  if (isLabName(name)) return name;
  throw new CommandFault(
    `PROVENET_LAB is ${JSON.stringify(name)}`,
    `write ${labNameForm}, such as trial`,
    exitCodes.badUse,
  );
}

/** Files and folders that belong to one lab name. */
export interface StatePaths {
  /** `.provenet/<lab>`. */
  readonly directory: string;
  /** Pulumi's file backend. */
  readonly backend: string;
  /** Pulumi's home: plugins and workspaces. */
  readonly home: string;
  /** Passphrase of the stack's secrets, mode 0600. */
  readonly passphrase: string;
  /** What earlier runs measured. */
  readonly measurements: string;
}

/** The paths for a lab name; nothing is created. */
export function statePaths(lab: string, root: string = projectRoot): StatePaths {
  const directory = join(root, ".provenet", lab);
  return {
    directory,
    backend: join(directory, "state"),
    home: join(directory, "home"),
    passphrase: join(directory, "passphrase"),
    measurements: join(directory, "measurements.json"),
  };
}

/** Environments that exist: the middle of each `Pulumi.<environment>.yaml`, sorted. */
export function environments(root: string = projectRoot): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([^.]+(?:\.[^.]+)*)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** The environment asked for, checked against those that exist. */
export function chooseEnvironment(asked: string | undefined, existing: readonly string[]): string {
  const environment = asked ?? "dev";
  if (existing.includes(environment)) return environment;
  throw new CommandFault(
    `there is no environment ${JSON.stringify(environment)}`,
    existing.length === 0
      ? "write a Pulumi.dev.yaml first; the README's configuration table names every key"
      : `write one of: ${existing.join(", ")} (each is a file Pulumi.<environment>.yaml)`,
    exitCodes.badUse,
  );
}
