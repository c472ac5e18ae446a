/** Paths and names of the project, and the environments that exist. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { currentLabName, directoriesOf } from "../../lab/host/directories.ts";
import { exitCodes, UserError } from "../../messages/errors.ts";

/** Folder of the checkout. */
export const projectRoot = join(import.meta.dirname, "..", "..");

/**
 * Name of the lab whose state and namespaces are used, which `PROVENET_LAB` sets.
 *
 * @throws {UserError} when the name is not well-formed
 */
export function labName(): string {
  return directoriesOf(currentLabName()).name;
}

/** Files and folders that belong to one lab name. */
export interface StatePaths {
  /** `.provenet/<lab>`. */
  readonly directory: string;
  /** Pulumi's file backend. */
  readonly backend: string;
  /** Pulumi's home with plugins and workspaces. */
  readonly home: string;
  /** Passphrase of the stack's secrets, mode 0600. */
  readonly passphrase: string;
  /** Durations of earlier runs. */
  readonly measurements: string;
}

/** The paths for a lab name. None is created. */
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

/** Existing environments, sorted. Each is the middle of a file `Pulumi.<environment>.yaml`. */
export function environments(root: string = projectRoot): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([^.]+(?:\.[^.]+)*)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** An environment, and why it was chosen when the user named none. */
export interface Choice {
  readonly environment: string;
  readonly reason?: string;
}

/**
 * The environment that the user named. Without a name it is `dev` on a machine with Docker and
 * minikube, and `lab` on any other.
 *
 * @throws {UserError} when it has no stack file
 */
export function chooseEnvironment(
  named: string | undefined,
  existing: readonly string[],
  hasDockerAndMinikube: boolean,
): Choice {
  const choice: Choice =
    named !== undefined
      ? { environment: named }
      : hasDockerAndMinikube
        ? { environment: "dev", reason: "Docker and minikube are on this machine" }
        : { environment: "lab", reason: "this machine lacks a working Docker and minikube" };
  const { environment } = choice;
  if (existing.includes(environment)) return choice;
  throw new UserError(
    `there is no environment ${JSON.stringify(environment)}, because Pulumi.${environment}.yaml does not exist`,
    existing.length === 0
      ? `create Pulumi.${environment}.yaml; docs/configuration.md lists every key`
      : `use one of: ${existing.join(", ")}`,
    exitCodes.badUse,
  );
}

/** One line that names the chosen environment and the reason. */
export function describeChoice({ environment, reason }: Choice): string {
  return `environment: ${environment}${reason === undefined ? "" : `, because ${reason}`}`;
}
