/** Exit codes of every command, the same as the probe's. */
export const exitCodes = { done: 0, failed: 1, badUse: 2, unknown: 3, interrupted: 130 } as const;

/** Something a person can mend: what is wrong and what to do about it, shown without a stack. */
export class CommandFault extends Error {
  /** What to do, in the imperative; empty when the message says it. */
  readonly remedy: string;
  /** Exit code of the command. @default 1 */
  readonly exitCode: number;

  constructor(message: string, remedy: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.name = "CommandFault";
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

/** Ends a command whose reason has been printed already, by the engine or a test runner. */
export class AlreadyTold extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with ${exitCode}`);
    this.name = "AlreadyTold";
    this.exitCode = exitCode;
  }
}

/** The lines for one fault: `error: …` and `remedy: …`; no second line where the first says both. */
export function formatFault(fault: CommandFault): string {
  const remedy = fault.remedy === "" ? "" : `remedy: ${fault.remedy}\n`;
  return `error: ${fault.message}\n${remedy}`;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
