/** Turns well-known messages of other programs into one fault with a remedy. */
import { CommandFault } from "./fault.ts";

/** What a remedy may need to name. */
export interface Surroundings {
  readonly environment: string;
  /** File with the stack's passphrase. */
  readonly passphraseFile: string;
}

interface Known {
  readonly says: RegExp;
  readonly fault: (match: RegExpExecArray, around: Surroundings) => CommandFault;
}

const known: readonly Known[] = [
  {
    says: /incorrect passphrase/,
    fault: (_, { passphraseFile, environment }) =>
      new CommandFault(
        `the passphrase in ${passphraseFile} is not the one that this stack's secrets were made with`,
        `put the right one back into that file; if it is lost, \`npm run down ${environment} -- --abandon\` ` +
          "ends what runs and forgets the state, so that the next up starts afresh",
      ),
  },
  {
    says: /unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open ([^:\n]+)/,
    fault: (match) =>
      new CommandFault(
        `the passphrase file ${match[1] ?? ""} cannot be read`,
        "put it back, or unset PULUMI_CONFIG_PASSPHRASE_FILE to use the project's own",
      ),
  },
  {
    says: /stack is currently locked by[\s\S]*?created by (\S+) \(pid (\d+)\) at (\S+)/,
    fault: (match) =>
      new CommandFault(
        `another run of the engine (process ${match[2] ?? ""} of ${match[1] ?? ""}, since ${match[3] ?? ""}) holds the stack`,
        "wait for it to end, or press Ctrl-C once where it runs, then run this again",
      ),
  },
  {
    says: /no space left on device|ENOSPC/,
    fault: () =>
      new CommandFault(
        "no space is left on the disk",
        "`npm run doctor` says how much is needed where; free it, then run this again",
      ),
  },
  {
    says: /permission denied while trying to connect to the Docker|dial unix \S*docker\.sock: connect: permission denied|PROVIDER_DOCKER_NEWGRP/,
    fault: () =>
      new CommandFault(
        "Docker runs, but this user may not talk to it",
        'run `sudo usermod -aG docker "$USER"`, log in again, then run this again',
      ),
  },
  {
    says: /Cannot connect to the Docker daemon/i,
    fault: () =>
      new CommandFault(
        "Docker does not answer",
        "start it (`sudo systemctl start docker`), or take docker off PATH so that the lab brings its own",
      ),
  },
  {
    says: /(?:could not|failed to|no) (?:find|download|load|install|resource) plugin[^\n]*|no resource plugin '[^']+' found[^\n]*/i,
    fault: (match) =>
      new CommandFault(
        `the engine lacks a plugin: ${match[0]}`,
        "check the connection: the official engine downloads its plugins; without internet take pulumi " +
          "off PATH, and the lab brings an engine with its own",
      ),
  },
  {
    says: /failed to load Pulumi policy project[^\n]*/,
    fault: (match) =>
      new CommandFault(match[0], "restore the folder policies/ (`git checkout policies`)"),
  },
  {
    says: /no stack named '([^']+)' found/,
    fault: (_, { environment }) =>
      new CommandFault(
        `nothing is up in ${environment}`,
        `run \`npm run up ${environment}\` first`,
      ),
  },
];

/** The fault that a text tells of, or undefined when it is none that we know. */
export function recognise(text: string, around: Surroundings): CommandFault | undefined {
  for (const { says, fault } of known) {
    const match = says.exec(text);
    if (match !== null) return fault(match, around);
  }
  return undefined;
}

/** A fault for a failed system call of our own; what we do not know stays what it is. */
export function recogniseError(error: unknown, around: Surroundings): unknown {
  if (error instanceof CommandFault || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new CommandFault(
      error.message,
      "run as a user who may do that (the lab needs root: `sudo -E npm run …`), or make the path writable",
    );
  }
  return recognise(`${code} ${error.message}`, around) ?? error;
}
