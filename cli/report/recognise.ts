/** Turns well-known error messages of other programs into errors with a fix. */
import { UserError } from "../../messages/errors.ts";
import type { Known, Surroundings } from "./known.ts";
import { cloudErrors } from "./recogniseCloud.ts";

export type { Surroundings } from "./known.ts";

const known: readonly Known[] = [
  {
    says: /incorrect passphrase/,
    error: (_, { passphraseFile, stackName }) =>
      new UserError(
        `the passphrase in ${passphraseFile} does not decrypt the secrets of ${stackName}`,
        "restore the right passphrase in that file. If it is lost, " +
          `\`npm run down ${stackName} -- --abandon\` ends what runs and forgets the state`,
      ),
  },
  {
    says: /unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open ([^:\n]+)/,
    error: (match) =>
      new UserError(
        `the passphrase file ${match[1] ?? ""} cannot be read`,
        "restore it, or unset PULUMI_CONFIG_PASSPHRASE_FILE to use the project's file",
      ),
  },
  {
    says: /no space left on device|ENOSPC/,
    error: () =>
      new UserError(
        "the disk is full",
        "`npm run doctor` shows how much space the build needs. Free it, then run this again",
      ),
  },
  {
    says: /permission denied while trying to connect to the Docker|dial unix \S*docker\.sock: connect: permission denied|PROVIDER_DOCKER_NEWGRP/,
    error: () =>
      new UserError(
        "Docker runs but denies this user",
        'run `sudo usermod -aG docker "$USER"`, log in again, then run this again',
      ),
  },
  {
    says: /Cannot connect to the Docker daemon/i,
    error: () =>
      new UserError(
        "Docker does not answer",
        "start it (`sudo systemctl start docker`), or take docker off PATH to use the lab's",
      ),
  },
  {
    says: /(?:could not|failed to|no) (?:find|download|load|install|resource) plugin[^\n]*|no resource plugin '[^']+' found[^\n]*/i,
    error: (match) =>
      new UserError(
        `the engine lacks a plugin: ${match[0]}`,
        "check the internet connection, through which the official engine downloads plugins. " +
          "Without internet take pulumi off PATH to use the lab's engine and plugins",
      ),
  },
  {
    says: /failed to load Pulumi policy project[^\n]*/,
    error: (match) =>
      new UserError(match[0], "restore the folder policies/ (`git checkout policies`)"),
  },
  {
    says: /no stack named '([^']+)' found/,
    error: (_, { stackName }) =>
      new UserError(
        `the stack ${stackName} does not exist`,
        `run \`npm run up ${stackName}\`, which creates it`,
      ),
  },
  ...cloudErrors,
];

/** The error that a text reports, or undefined when it is not a known one. */
export function recognise(text: string, around: Surroundings): UserError | undefined {
  for (const { says, error } of known) {
    const match = says.exec(text);
    if (match !== null) return error(match, around);
  }
  return undefined;
}

/** The error for a failed system call. Anything unknown is returned as it is. */
export function recogniseError(error: unknown, around: Surroundings): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new UserError(
      error.message,
      "make the path writable, or run as a user who may do that (the lab needs root: `sudo -E npm run …`)",
    );
  }
  return recognise(`${code} ${error.message}`, around) ?? error;
}
