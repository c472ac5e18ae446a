import { exitCodes, formatError } from "../messages/errors.ts";

/** Runs one of a program's commands. Its answer goes to stdout, an error to stderr. */
export async function runCommand(
  name: string | undefined,
  commands: Readonly<Record<string, () => string | Promise<string>>>,
): Promise<void> {
  const command = commands[name ?? ""];
  if (command === undefined) {
    console.error(`write one of: ${Object.keys(commands).join(", ")}`);
    process.exitCode = exitCodes.badUse;
    return;
  }
  try {
    console.log(await command());
  } catch (error) {
    process.stderr.write(formatError(error));
    process.exitCode = exitCodes.failed;
  }
}
