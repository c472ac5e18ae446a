/**
 * Runs one of a program's commands: its answer goes to stdout, an error in one piece to stderr.
 * Exit code 1 means that it failed, 2 that there is no such command.
 */
export async function runCommand(
  name: string | undefined,
  commands: Readonly<Record<string, () => string | Promise<string>>>,
): Promise<void> {
  const command = commands[name ?? ""];
  if (command === undefined) {
    console.error(`write one of: ${Object.keys(commands).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  try {
    console.log(await command());
  } catch (error) {
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    process.exitCode = 1;
  }
}
