import type { UserError } from "../../messages/errors.ts";

/** What a fix may have to name. */
export interface Surroundings {
  readonly stackName: string;
  /** File with the stack's passphrase. */
  readonly passphraseFile: string;
}

/** A known message and the error for it. */
export interface Known {
  readonly says: RegExp;
  readonly error: (match: RegExpExecArray, around: Surroundings) => UserError;
}
