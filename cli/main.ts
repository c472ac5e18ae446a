/** The commands behind `npm run …`. `start.cjs` starts it on the project's own Node. */
import { Command, CommanderError } from "commander";

import { CouldNotAsk, exitCodes, formatUserError, UserError } from "../messages/errors.ts";
import { messageOf } from "./report/errorText.ts";
import { recogniseError } from "./report/recognise.ts";

type Action = () => Promise<number>;

/** All commands. `perform` runs the chosen one, whose code is loaded only then. */
export function buildProgram(perform: (action: Action) => Promise<void>): Command {
  const program = new Command("npm run")
    .usage("COMMAND [stack] -- [options]")
    .description(
      "A Kubernetes network that comes up with one command and proves every address it publishes.",
    )
    .helpOption("--help", "show what a command does")
    .helpCommand(false)
    .showHelpAfterError("Fix: use one of the commands that `npm run` lists")
    .enablePositionalOptions()
    .exitOverride();
  const add = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .helpOption("--help", "show this")
      .showHelpAfterError(
        `Fix: run \`npm run ${name} -- --help\`, which lists arguments and options`,
      );
  const stackName = [
    "[stack]",
    "which Pulumi.<stack>.yaml (default: the one that is up, else dev, or lab without Docker)",
  ] as const;
  const json = ["--json", "print one JSON document on standard output"] as const;
  const refresh = [
    "--refresh",
    "read the real state first, so that changes made by others are found",
  ] as const;

  add("up", "prepare the machine, bring the network up and prove its addresses")
    .argument(...stackName)
    .option(...refresh)
    .option(...json)
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/up.ts")).up(asked, options)),
    );
  add("preview", "show what up would change. Changes nothing and needs no cluster")
    .argument(...stackName)
    .option(...refresh)
    .option(...json)
    .option("--diff", "show every property, as the engine prints it")
    .option("--expect-no-changes", "fail when up would change something")
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/preview.ts")).preview(asked, options)),
    );
  add("verify", "repeat every proof of the last up. Exits with 0 proved, 1 broken, 3 unknown")
    .argument(...stackName)
    .option(...json)
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/verify.ts")).verify(asked, options)),
    );
  add("down", "remove everything that up created, and end the lab")
    .argument(...stackName)
    .option("--purge", "also remove the state and everything that was built")
    .option("--abandon", "end the lab and forget the state without deleting anything else")
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/down.ts")).down(asked, options)),
    );
  add("doctor", "show what this machine has and what up would build and change. Changes nothing")
    .option(...json)
    .action((options: object) =>
      perform(async () => (await import("./commands/doctor.ts")).doctor(options)),
    );
  add("shell", "open a shell on the client or the router, or run one command there")
    .usage("[--stack NAME] [client|router] [COMMAND …]")
    .argument("[words...]", "client or router (default: client), then the command")
    .option("--stack <name>", "whose kubeconfig is used (default: as for up)")
    .passThroughOptions()
    .action((words: string[], options: object) =>
      perform(async () => (await import("./commands/shell.ts")).shell(words, options)),
    );
  add("test", "run the unit tests and the tests with the real engine")
    .argument("[suite]", "only this suite: unit, kernel, engine or live")
    .option("--grep <text>", "only tests whose title contains this")
    .action((suite: string | undefined, options: object) =>
      perform(async () => {
        const { chooseSuites, test } = await import("./commands/test.ts");
        return test(chooseSuites(suite), options);
      }),
    );
  add("test:live", "run the live tests in a separate lab")
    .option("--grep <text>", "only tests whose title contains this")
    .action((options: object) =>
      perform(async () => (await import("./commands/test.ts")).test(["live"], options)),
    );
  add(
    "test:kill",
    "kill runs at many moments in a separate lab, and test that the next one recovers",
  )
    .option("--grep <text>", "only tests whose title contains this")
    .action((options: { grep?: string }) =>
      perform(async () => (await import("./commands/test.ts")).test(["kill"], options)),
    );
  add("check", "check format, types, imports and lint, then run the unit tests")
    .option("--no-unit", "omit the unit tests")
    .action((options: { unit: boolean }) =>
      perform(async () => (await import("./commands/check.ts")).check(options)),
    );
  add(
    "generate",
    "write Pulumi.yaml's declarations and docs/configuration.md from the schema",
  ).action(() => perform(async () => (await import("./commands/generate.ts")).generate()));
  add("bench", "measure program start, preview and up")
    .argument(...stackName)
    .option(...json)
    .option("--up", "also run up, then down, then the same by hand with minikube and kubectl")
    .option("--cold", "only build every part of the lab in a temporary cache, which takes long")
    .action((asked: string | undefined, options: object) =>
      perform(async () => (await import("./commands/bench.ts")).bench(asked, options)),
    );
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Prints what went wrong, once, and returns the exit code. */
export function report(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badUse;
  const passphraseFile = "the passphrase file";
  const known = recogniseError(error, { stackName: "the stack", passphraseFile });
  if (known instanceof UserError) {
    write(formatUserError(known));
    return known.exitCode;
  }
  if (known instanceof CouldNotAsk) {
    const fix = known.fix ?? "run `npm run doctor`, which shows what is missing";
    write(formatUserError({ message: known.message, fix }));
    return exitCodes.unknown;
  }
  const stack = process.env.PROVENET_DEBUG === undefined ? undefined : (known as Error).stack;
  write(`error: ${stack ?? messageOf(known)}\n`);
  write("This is a bug in provenet. Rerun with PROVENET_DEBUG=1 and report the stack trace.\n");
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
