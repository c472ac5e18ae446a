import { expect } from "chai";

import { formatError, UserError } from "../../../messages/errors.ts";

/** The error as users see it. Throws when there is none, or when it is a bug. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(UserError);
    return formatError(error);
  }
  throw new Error("nothing was thrown");
}
