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
  /** What to do, in the imperative. */
  readonly fix: string | undefined;

  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

/** The two lines for a user: `error: …` and `Fix: …`. */
export function formatUserError({ message, fix }: Pick<UserError, "message" | "fix">): string {
  return `error: ${message}\nFix: ${fix}\n`;
}

/** Any error as text for a user. A bug comes with its stack trace. */
export function formatError(error: unknown): string {
  if (error instanceof UserError) return formatUserError(error);
  if (error instanceof CouldNotAsk) {
    const { message, fix } = error;
    return fix === undefined ? `error: ${message}\n` : formatUserError({ message, fix });
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in provenet. Report it with this stack trace:\n${trace}\n`;
}
