/** The commands behind `npm run …`; started by `start.cjs` on the project's own Node. */
import { Command, CommanderError } from "commander";

import { AlreadyTold, CommandFault, exitCodes, formatFault, messageOf } from "./report/fault.ts";
import { faultOfLab } from "./stack/lab.ts";
import { labName, statePaths } from "./stack/project.ts";
import { recogniseError } from "./report/recognise.ts";

type Action = () => Promise<number>;

/** All commands; `perform` runs the chosen one, whose code is loaded only then. */
export function buildProgram(perform: (action: Action) => Promise<void>): Command {
  const program = new Command("npm run")
    .usage("COMMAND [environment] -- [options]")
    .description(
      "A Kubernetes network that comes up with one command and proves what it publishes.",
    )
    .helpOption("--help", "show what a command does")
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride();
  const add = (name: string, description: string) =>
    program.command(name).description(description).helpOption("--help", "show this");
  const environment = [
    "[environment]",
    "which Pulumi.<environment>.yaml (default: dev, or lab without Docker)",
  ] as const;
  const json = ["--json", "print one JSON document on standard output"] as const;
  const refresh = [
    "--refresh",
    "first look at what is really there, so that what others changed or deleted is put right",
  ] as const;

  add("up", "prepare the machine, bring the network up, and prove its addresses")
    .argument(...environment)
    .option(...refresh)
    .option(...json)
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/up.ts")).up(asked, options)),
    );
  add("preview", "show what up would change; changes nothing and needs no cluster")
    .argument(...environment)
    .option(...refresh)
    .option(...json)
    .option("--expect-no-changes", "fail when there would be a change")
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/preview.ts")).preview(asked, options)),
    );
  add("verify", "ask again what the last up proved; 0 proved, 1 broken, 3 cannot know")
    .argument(...environment)
    .option(...json)
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/verify.ts")).verify(asked, options)),
    );
  add("down", "take everything down again, and end the lab")
    .argument(...environment)
    .option("--purge", "remove the state and everything that was built, too")
    .option("--abandon", "end the lab and forget the state without asking the engine")
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/down.ts")).down(asked, options)),
    );
  add("doctor", "say what is on this machine, what would be built and changed; changes nothing")
    .option(...json)
    .action((options: object) =>
      perform(async () => (await import("./commands/doctor.ts")).doctor(options)),
    );
  add("shell", "open a shell where the client stands, or the router; or run one command there")
    .usage("[--environment NAME] [client|router] [COMMAND …]")
    .argument("[words...]", "client or router (default: client), then the command")
    .option(
      "--environment <name>",
      "whose kubeconfig is used (default: dev, or lab without Docker)",
    )
    .passThroughOptions()
    .action((words: string[], options: object) =>
      perform(async () => (await import("./commands/shell.ts")).shell(words, options)),
    );
  add("test", "run the unit tests and those with the real engine")
    .argument("[suite]", "only one: unit, engine or live")
    .option("--grep <text>", "only tests whose title contains this")
    .action((suite: string | undefined, options: object) =>
      perform(async () => {
        const { chooseSuites, test } = await import("./commands/test.ts");
        return test(chooseSuites(suite), options);
      }),
    );
  add("test:live", "run the tests in a lab of their own")
    .option("--grep <text>", "only tests whose title contains this")
    .action((options: object) =>
      perform(async () => (await import("./commands/test.ts")).test(["live"], options)),
    );
  add("check", "format, lint, types and unit tests")
    .option("--no-unit", "leave the unit tests out")
    .action((options: { unit: boolean }) =>
      perform(async () => (await import("./commands/check.ts")).check(options)),
    );
  add("bench", "measure program start, preview and up")
    .argument(...environment)
    .option(...json)
    .option("--cluster", "also start a second cluster with minikube alone, for comparison")
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/bench.ts")).bench(asked, options)),
    );
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Says what went wrong, once, and returns the exit code. */
export function report(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badUse;
  if (error instanceof AlreadyTold) return error.exitCode;
  const told = faultOfLab(error);
  const fault =
    told instanceof CommandFault
      ? told
      : recogniseError(told, {
          environment: "dev",
          passphraseFile: statePaths(labName()).passphrase,
        });
  if (fault instanceof CommandFault) {
    write(formatFault(fault));
    return fault.exitCode;
  }
  const stack = process.env.PROVENET_DEBUG === undefined ? "" : (fault as Error).stack;
  write(`error: ${messageOf(fault)}\n${stack ?? ""}`);
  if (stack === "") write("remedy: this is a fault of ours; PROVENET_DEBUG=1 shows where\n");
  return exitCodes.failed;
}

if (import.meta.main) {
  try {
    await buildProgram(async (action) => {
      process.exitCode = await action();
    }).parseAsync();
  } catch (error) {
    process.exitCode = report(error, (text) => process.stderr.write(text));
  }
}
