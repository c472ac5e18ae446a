/** Paths and names of the project, and the stacks that exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { currentLabName, directoriesOf } from "../../lab/host/directories.ts";
import { exitCodes, UserError } from "../../messages/errors.ts";

/** Folder of the checkout. */
export const projectRoot = join(import.meta.dirname, "..", "..");

/** Path of the file with levels and settings of policies for a stack, if somebody wrote one. */
export function policySettingsOf(
  stackName: string,
  root: string = projectRoot,
): string | undefined {
  const file = join(root, `Pulumi.${stackName}.policies.json`);
  return existsSync(file) ? file : undefined;
}

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
  /** Stacks that are up. */
  readonly upRecord: string;
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
    upRecord: join(directory, "stacks.json"),
  };
}

/** The `backend` of a Pulumi.yaml, which people set to store the state elsewhere. */
export function backendOf(file: string = join(projectRoot, "Pulumi.yaml")): unknown {
  return (parse(readFileSync(file, "utf8")) as { readonly backend?: unknown }).backend;
}

/** Existing stacks, sorted. Each is the middle of a file `Pulumi.<stack>.yaml`. */
export function stackNames(root: string = projectRoot): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([^.]+(?:\.[^.]+)*)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** A stack, and why it was chosen when the user named none. */
export interface Choice {
  readonly stackName: string;
  readonly reason?: string;
  /** Whether it was chosen because it is up. */
  readonly isUp?: boolean;
}

/**
 * The stack that the user named. Without a name it is the one that is up. When none is up, it
 * is `dev` on a machine with Docker and minikube, and `lab` on any other.
 *
 * @throws {UserError} when it has no stack file, or when several are up and none is named
 */
export function chooseStack(
  named: string | undefined,
  existing: readonly string[],
  hasDockerAndMinikube: boolean,
  up: readonly string[],
): Choice {
  const [first, ...others] = up;
  if (named === undefined && others.length > 0) {
    throw new UserError(
      `${new Intl.ListFormat("en-GB").format(up)} are up, and this command needs one stack`,
      `name one of them, such as \`npm run verify ${first ?? ""}\` or \`npm run shell -- --stack ${first ?? ""}\``,
      exitCodes.badUse,
    );
  }
  const stackName = named ?? first ?? (hasDockerAndMinikube ? "dev" : "lab");
  assertExists(stackName, existing);
  if (named !== undefined) return { stackName };
  if (first !== undefined) return { stackName, isUp: true };
  const reason = hasDockerAndMinikube
    ? "Docker and minikube are on this machine"
    : "this machine lacks a working Docker and minikube";
  return { stackName, reason };
}

function assertExists(stackName: string, existing: readonly string[]): void {
  if (existing.includes(stackName)) return;
  const isName = /^[\w.-]+$/.test(stackName);
  throw new UserError(
    isName
      ? `there is no stack "${stackName}", because Pulumi.${stackName}.yaml does not exist`
      : `${JSON.stringify(stackName)} is not the name of a stack`,
    existing.length === 0 && isName
      ? `create Pulumi.${stackName}.yaml; docs/configuration.md lists every key`
      : `use one of: ${existing.join(", ")}`,
    exitCodes.badUse,
  );
}

/** One line that names a stack which the user did not name. Undefined for one that was. */
export function describeChoice({ stackName, reason, isUp }: Choice): string | undefined {
  if (isUp === true) return `using ${stackName}, which is up`;
  return reason === undefined ? undefined : `stack: ${stackName}, because ${reason}`;
}
