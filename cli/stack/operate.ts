/** Runs `pulumi up`, `preview` and `destroy` in the foreground, as people know them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";

import { EngineFailure } from "../report/engineFailure.ts";
import { errorsIn, parseEvents } from "../report/engineEvents.ts";
import { withoutMark } from "../report/errorText.ts";
import { recognise, type Surroundings } from "../report/recognise.ts";
import { exitCodes, UserError } from "../../messages/errors.ts";
import { runForeground, type Ending, type ForegroundOptions } from "./child.ts";
import { policySettingsOf, projectRoot } from "./project.ts";
import type { Session } from "./session.ts";

/** A command of the engine. */
export type Operation = "up" | "preview" | "destroy";

/** The engine's arguments for an operation. */
export function engineArguments(
  operation: Operation,
  options: {
    readonly stackName: string;
    readonly configFile: string;
    /** Whether the user can answer questions. */
    readonly terminal: boolean;
    /** File with the levels and settings of policies. */
    readonly policySettings?: string | undefined;
    /** Further arguments, such as `--json` for a preview. */
    readonly more?: readonly string[];
  },
): string[] {
  const { stackName, configFile, terminal, policySettings, more = [] } = options;
  const settings = policySettings === undefined ? [] : ["--policy-pack-config", policySettings];
  return [
    operation,
    ...(operation === "preview" ? [] : ["--yes"]),
    ...["--stack", stackName, "--config-file", configFile],
    // The program reports all faults of its configuration. The engine would stop at the first.
    "--skip-config-validation",
    // Policies do not apply to a destroy.
    ...(operation === "destroy" ? [] : ["--policy-pack", "policies", ...settings]),
    // Verdicts fill many lines, and the summary prints what people need of them.
    "--suppress-outputs",
    ...(terminal ? [] : ["--non-interactive"]),
    ...more,
  ];
}

/** Whether the engine can show its live tree and ask questions. */
export const onTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/**
 * Runs an operation from the client, shows it, and returns the engine's events.
 *
 * @throws {UserError} when the reason of a failure is known
 * @throws {EngineFailure} when the engine has printed the reason
 */
export async function operate(
  session: Session,
  operation: Operation,
  settings: { readonly output?: "inherit" | "stderr"; readonly more?: readonly string[] } = {},
): Promise<readonly EngineEvent[]> {
  const { stackName, stack } = session;
  const { output = "inherit", more = [] } = settings;
  const { configFile } = stack;
  const terminal = onTerminal();
  const policySettings = policySettingsOf(stackName);
  const given = { stackName, configFile, terminal, policySettings, more };
  const args = engineArguments(operation, given);
  const directory = mkdtempSync(join(tmpdir(), "provenet-events-"));
  const log = join(directory, "events.jsonl");
  // What a plugin reports is in the events. Standard output has it too, but belongs to the user.
  const argv = ["env", "PULUMI_DEBUG_COMMANDS=true", "pulumi", ...args, "--event-log", log];
  const events = () => (existsSync(log) ? parseEvents(readFileSync(log, "utf8")) : []);
  try {
    await runEngine(session, operation, argv, { output, reported: () => errorsIn(events()) });
    return events();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** How {@link runEngine} shows a run. */
export interface Showing {
  readonly output: NonNullable<ForegroundOptions["output"]>;
  /** Whether the caller shows the engine's errors, so that they are not printed here. */
  readonly isShown?: () => boolean;
  /** Errors in the engine's events. They are shown already, and are read for known ones. */
  readonly reported?: () => string;
}

/**
 * Runs a program that runs the engine, once more after the lock of a killed run is released.
 */
export async function runEngine(
  session: Session,
  operation: Operation,
  argv: readonly string[],
  { output, isShown = () => false, reported = () => "" }: Showing,
): Promise<void> {
  const { workplace, stack, stackName } = session;
  const run = () =>
    runForeground([...workplace.enter("client"), ...argv], {
      cwd: projectRoot,
      env: workplace.variables(),
      output,
      onInterrupt: () => {
        process.stderr.write("\nstopping: the engine finishes what it began and saves its state\n");
      },
    });
  let ending = await run();
  if (ending.code !== 0 && (await stack.releaseDeadLocks(ending.errors))) ending = await run();
  if (ending.code !== 0) {
    const passphraseFile = workplace.variables().PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
    const around = { stackName, passphraseFile };
    throw explainFailure(operation, { ...ending, reported: reported() }, around, isShown());
  }
  process.stderr.write(ending.errors);
}

/** The error for an operation that failed. */
export function explainFailure(
  operation: Operation,
  { interrupted, errors, code, reported = "" }: Ending & { readonly reported?: string },
  around: Surroundings,
  isShown = false,
): Error {
  const command = `npm run ${operation === "destroy" ? "down" : operation} ${around.stackName}`;
  if (interrupted) {
    return new UserError(
      `${operation} was stopped. Everything done until then is recorded`,
      `run \`${command}\` again. It continues from there`,
      exitCodes.interrupted,
    );
  }
  const known = recognise(`${errors}\n${reported}`, around);
  if (known !== undefined) return known;
  if (errors !== "" && !isShown) process.stderr.write(`error: ${withoutMark(errors)}\n`);
  return new EngineFailure(operation, command, code);
}
