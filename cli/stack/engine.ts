/** Runs Pulumi's engine for a session. */
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

import { runForeground, type Ending } from "./child.ts";
import { parseEventLog, type EngineRun } from "./eventLog.ts";
import { AlreadyTold, CommandFault, exitCodes } from "../report/fault.ts";
import { projectRoot } from "./project.ts";
import { recognise } from "../report/recognise.ts";
import { trimEngine, type Session } from "./session.ts";

/** What the engine is to do. */
export type Operation = "up" | "preview" | "destroy";

/** The engine's arguments for an operation. */
export function engineArguments(
  operation: Operation,
  options: {
    readonly environment: string;
    readonly configFile: string;
    readonly terminal: boolean;
    readonly eventLog?: string;
    /** Further arguments, such as `--json` for a preview. */
    readonly more?: readonly string[];
  },
): string[] {
  const { environment, configFile, terminal, eventLog, more = [] } = options;
  return [
    operation,
    ...(operation === "preview" ? [] : ["--yes"]),
    ...["--stack", environment, "--config-file", configFile],
    // The program tells all faults of its configuration at once; the engine would stop at its first.
    "--skip-config-validation",
    // A policy has no say in taking something down.
    ...(operation === "destroy" ? [] : ["--policy-pack", "policies"]),
    ...(terminal ? [] : ["--non-interactive"]),
    ...(eventLog === undefined ? [] : ["--event-log", eventLog]),
    ...more,
  ];
}

/**
 * Runs an operation from the client's place and shows it. Throws when it did not succeed: a fault
 * when we know the reason, {@link AlreadyTold} when the engine has told it.
 */
export async function operate(
  session: Session,
  operation: Operation,
  settings: { readonly output?: "inherit" | "stderr"; readonly more?: readonly string[] } = {},
): Promise<EngineRun> {
  const { output = "inherit", more = [] } = settings;
  const eventLog = join(session.paths.directory, "events.jsonl");
  // Made before the engine does it, so that it is ours alone to read.
  closeSync(openSync(eventLog, "w", 0o600));
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const { environment, configFile } = session;
  const options = { environment, configFile, terminal, eventLog, more };
  try {
    const ending = await runForeground(
      [...session.workplace.enter("client"), "pulumi", ...engineArguments(operation, options)],
      {
        cwd: projectRoot,
        env: session.variables,
        output,
        onInterrupt: () => {
          process.stderr.write(
            "\nstopping: the engine ends what it has begun and saves its state\n",
          );
        },
      },
    );
    const run = parseEventLog(existsSync(eventLog) ? readFileSync(eventLog, "utf8") : "");
    if (ending.code !== 0) throw explainFailure(session, operation, ending, run);
    process.stderr.write(ending.errors);
    return run;
  } finally {
    rmSync(eventLog, { force: true });
  }
}

function explainFailure(
  session: Session,
  operation: Operation,
  ending: Ending,
  run: EngineRun,
): Error {
  // On a terminal the engine itself reads Ctrl-C, and no signal comes to us.
  if (ending.interrupted || run.canceled) {
    return new CommandFault(
      `${operation} was stopped; what was done until then is recorded`,
      `run \`npm run ${operation === "destroy" ? "down" : operation} ${session.environment}\` again: it goes on from there`,
      exitCodes.interrupted,
    );
  }
  const fault = recognise([ending.errors, ...run.errors].join("\n"), session.around);
  if (fault !== undefined) return fault;
  if (ending.errors === "") return new AlreadyTold(ending.code);
  return new CommandFault(trimEngine(ending.errors), "");
}

/** Asks the engine something and returns what it prints. */
export async function askEngine(
  session: Session,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const { exitCode, stdout, stderr } = await execa(
    "pulumi",
    [...args, "--non-interactive", "--color", "never"],
    {
      cwd: projectRoot,
      env: session.variables,
      extendEnv: false,
      reject: false,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
    },
  );
  if (exitCode === 0) return stdout;
  throw (
    recognise(stderr, session.around) ??
    new CommandFault(trimEngine(stderr) || `pulumi ${args[0] ?? ""} failed`, "")
  );
}

/** The stack's outputs that are no secrets; undefined when there is no stack. */
export async function readOutputs(session: Session): Promise<Record<string, unknown> | undefined> {
  if (session.ownBackend && !existsSync(session.paths.backend)) return undefined;
  const text = await askEngine(session, [
    ...["stack", "output", "--json", "--stack", session.environment],
  ]);
  return JSON.parse(text) as Record<string, unknown>;
}
