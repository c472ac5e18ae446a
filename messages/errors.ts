/** Exit codes of every command and of the probe. */
export const exitCodes = { done: 0, failed: 1, badUse: 2, unknown: 3, interrupted: 130 } as const;

/** An error that the user can fix. It is shown as message and `Fix:` line, without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** What to do, in the imperative. */
  readonly fix: string;
  /** Exit code of the command. @default 1 */
  readonly exitCode: number;

  /** @param message what happened and where */
  constructor(message: string, fix: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.fix = fix;
    this.exitCode = exitCode;
  }
}

/** A question that could not be asked, so that its answer is unknown. It never counts as "no". */
export class CouldNotAsk extends Error {
  override readonly name: string = "CouldNotAsk";
}

/** The two lines for a user: `error: …` and `Fix: …`. */
export function formatUserError({ message, fix }: UserError): string {
  return `error: ${message}\nFix: ${fix}\n`;
}
