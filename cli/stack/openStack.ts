/** Writes what the engine needs before a stack can be used: passphrase, stack and stack file. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import writeFileAtomic from "write-file-atomic";

import { UserError } from "../../messages/errors.ts";
import { readStackFile, type Session } from "./session.ts";
import { effectiveStackFile, parseStackFile } from "./stackFile.ts";
import { readState } from "./state.ts";

type Secrets = Readonly<Record<string, unknown>>;

const ownerOnly = { mode: 0o600 };

/** Makes the stack ready for the engine, and creates it when there is none. */
export async function openStack(session: Session): Promise<void> {
  const { stack, paths, workplace } = session;
  mkdirSync(paths.directory, { recursive: true, mode: 0o700 });
  const usesOwnPassphrase =
    workplace.variables().PULUMI_CONFIG_PASSPHRASE_FILE === paths.passphrase;
  if (usesOwnPassphrase && !existsSync(paths.passphrase)) await createPassphrase(session);

  const recorded = recordedSecrets(stack.configFile);
  // The effective file has them once the stack exists.
  if (Object.keys(recorded).length > 0 && (!stack.isInOwnBackend || existsSync(paths.backend))) {
    writeEffectiveFile(session, recorded);
  } else if (await stack.exists()) {
    writeEffectiveFile(session, await secretsInState(session));
  } else {
    await createStack(session);
  }
}

/** Creates the stack. Its secrets use the salt of the user's stack file where that has one. */
export async function createStack(session: Session): Promise<void> {
  const { stack } = session;
  writeEffectiveFile(session, {});
  await stack.create();
  writeEffectiveFile(session, recordedSecrets(stack.configFile));
}

function recordedSecrets(file: string): Secrets {
  return existsSync(file) ? parseStackFile(readFileSync(file, "utf8"), file).secrets : {};
}

async function secretsInState({ stack }: Session): Promise<Secrets> {
  const exported = await stack.export();
  const salt = exported === undefined ? undefined : readState(exported).salt;
  return salt === undefined ? {} : { encryptionsalt: salt };
}

function writeEffectiveFile({ stack, stackName }: Session, recorded: Secrets): void {
  const source = `Pulumi.${stackName}.yaml`;
  const text = effectiveStackFile(readStackFile(stackName), recorded, source);
  mkdirSync(dirname(stack.configFile), { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(stack.configFile, text, ownerOnly);
}

async function createPassphrase({ stack, paths, stackName }: Session): Promise<void> {
  if (await stack.exists()) {
    throw new UserError(
      `${paths.passphrase} is missing, and the secrets of ${stackName} are encrypted with it`,
      "restore the file. If it is lost, " +
        `\`npm run down ${stackName} -- --abandon\` ends what runs and forgets the state`,
    );
  }
  const passphrase = randomBytes(32).toString("base64url");
  writeFileAtomic.sync(paths.passphrase, `${passphrase}\n`, ownerOnly);
}
