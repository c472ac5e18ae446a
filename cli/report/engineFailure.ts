import { UserError } from "../../messages/errors.ts";

/** The engine failed and has printed why. */
export class EngineFailure extends UserError {
  override readonly name = "EngineFailure";

  /** @param command the command to run again, such as `npm run up lab` */
  constructor(operation: string, command: string, exitCode: number) {
    super(
      `${operation} failed for the reasons above`,
      `correct them and run \`${command}\` again`,
      exitCode,
    );
  }
}
