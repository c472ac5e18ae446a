/** What `up`, `preview`, `verify`, `down` and `shell` share: one environment, its state, its engine. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { stringify } from "yaml";

import { CommandFault } from "../report/fault.ts";
import {
  decide,
  findTools,
  hasDockerAndMinikube,
  workplaceFor,
  type Decision,
  type Purpose,
  type Workplace,
} from "./lab.ts";
import {
  chooseEnvironment,
  describeChoice,
  environments,
  labName,
  projectRoot,
  statePaths,
  type StatePaths,
} from "./project.ts";
import { recognise, type Surroundings } from "../report/recognise.ts";
import { readCheckpoint } from "./recovery.ts";
import {
  clusterKind,
  effectiveStackFile,
  parseStackFile,
  usesLabImages,
  type StackFile,
} from "./stackFile.ts";

/** One environment, ready to be worked on; made by {@link openSession}. */
export interface Session {
  readonly environment: string;
  readonly lab: string;
  readonly paths: StatePaths;
  readonly decision: Decision;
  readonly workplace: Workplace;
  /** What `Pulumi.<environment>.yaml` says. */
  readonly base: StackFile;
  /** The effective stack file; {@link openStack} writes it. */
  readonly configFile: string;
  /** Variables for the engine. */
  readonly variables: NodeJS.ProcessEnv;
  /** Whether the state is the project's own file backend. */
  readonly ownBackend: boolean;
  readonly around: Surroundings;
}

/** Looks at the machine and at the environment's file; changes nothing. */
export async function openSession(
  asked: string | undefined,
  wanted: Extract<Purpose, "cluster" | "preview">,
): Promise<Session> {
  const tools = await findTools();
  const choice = chooseEnvironment(asked, environments(), hasDockerAndMinikube(tools));
  const { environment } = choice;
  if (choice.reason !== undefined) process.stderr.write(`${describeChoice(choice)}\n`);
  const lab = labName();
  const paths = statePaths(lab);
  const file = `Pulumi.${environment}.yaml`;
  const base = parseStackFile(readFileSync(join(projectRoot, file), "utf8"), file);
  const kind = clusterKind(base) ?? "unknown";
  const decision = await decide(kind === "minikube" ? wanted : "preview", {
    labName: lab,
    tools,
    labOnly: usesLabImages(base),
  });
  const workplace = workplaceFor(decision, paths.home, kind);
  const { variables, ownBackend } = engineVariables(process.env, workplace.environment, paths, lab);
  return {
    environment,
    lab,
    paths,
    decision,
    workplace,
    base,
    configFile: join(paths.directory, file),
    variables,
    ownBackend,
    around: {
      environment,
      passphraseFile: variables.PULUMI_CONFIG_PASSPHRASE_FILE ?? "PULUMI_CONFIG_PASSPHRASE",
    },
  };
}

/**
 * Variables for the engine. A backend or passphrase that the caller chose is kept; otherwise both
 * are the project's own.
 */
export function engineVariables(
  outer: NodeJS.ProcessEnv,
  workplace: Readonly<Record<string, string>>,
  paths: StatePaths,
  lab: string,
): { variables: NodeJS.ProcessEnv; ownBackend: boolean } {
  const given = (name: string) => (outer[name] ?? "") !== "";
  const ownBackend = !given("PULUMI_BACKEND_URL") && !given("PULUMI_ACCESS_TOKEN");
  const ownPassphrase =
    outer.PULUMI_CONFIG_PASSPHRASE === undefined && !given("PULUMI_CONFIG_PASSPHRASE_FILE");
  return {
    ownBackend,
    variables: {
      ...outer,
      ...workplace,
      ...(ownBackend ? { PULUMI_BACKEND_URL: `file://${paths.backend}` } : {}),
      ...(ownPassphrase ? { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase } : {}),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Makes the engine accept --event-log, from which the times of the stages are read.
      PULUMI_DEBUG_COMMANDS: "true",
      PROVENET_LAB: lab,
    },
  };
}

/** Makes what the engine needs before it can be asked anything: passphrase, stack and stack file. */
export async function openStack(session: Session): Promise<void> {
  const { paths, base, configFile, environment, ownBackend } = session;
  mkdirSync(paths.backend, { recursive: true, mode: 0o700 });
  const checkpoint = ownBackend ? readCheckpoint(paths.backend, environment) : undefined;
  if (session.variables.PULUMI_CONFIG_PASSPHRASE_FILE === paths.passphrase) {
    ensurePassphrase(session, checkpoint !== undefined);
  }
  const earlier = existsSync(configFile)
    ? parseStackFile(readFileSync(configFile, "utf8"), configFile).secrets
    : {};
  const recorded = checkpoint?.salt === undefined ? {} : { encryptionsalt: checkpoint.salt };
  const known = { ...recorded, ...earlier, ...base.secrets };
  const secrets = checkpoint === undefined ? await initialise(session, known) : known;
  replaceFile(configFile, effectiveStackFile(base, secrets, `Pulumi.${environment}.yaml`));
  // Read only now, because the preparation creates the namespaces that the facts name.
  session.variables.PROVENET_MACHINE = JSON.stringify(session.workplace.machine());
}

function ensurePassphrase({ paths, environment }: Session, inUse: boolean): void {
  if (existsSync(paths.passphrase)) return;
  if (inUse) {
    throw new CommandFault(
      `${paths.passphrase} is gone, and the state's secrets were made with it`,
      `put it back; if it is lost, \`npm run down ${environment} -- --abandon\` ends what runs and ` +
        "forgets the state, so that the next up starts afresh",
    );
  }
  replaceFile(paths.passphrase, `${randomBytes(32).toString("base64url")}\n`);
}

/**
 * Makes the stack. The engine writes the salt of its secrets into the stack file beside the
 * `Pulumi.yaml` it is called in, so it is called in a folder of ours and not in the checkout.
 */
async function initialise(
  session: Session,
  known: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const folder = join(session.paths.directory, "init");
  const file = join(folder, `Pulumi.${session.environment}.yaml`);
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, "Pulumi.yaml"), "name: provenet\nruntime: nodejs\n");
  replaceFile(file, stringify({ ...known, config: {} }));
  const { exitCode, stderr } = await execa(
    "pulumi",
    ["stack", "init", session.environment, "--non-interactive", "--no-select", "--cwd", folder],
    { env: session.variables, extendEnv: false, reject: false, stdin: "ignore" },
  );
  if (exitCode !== 0 && !/already exists/.test(stderr)) {
    throw recognise(stderr, session.around) ?? new CommandFault(trimEngine(stderr), "");
  }
  return parseStackFile(readFileSync(file, "utf8"), file).secrets;
}

function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}

/** The engine's message without its own `error:`. */
export function trimEngine(stderr: string): string {
  return stderr.replace(/^error: /, "").trim();
}
