/** `npm run preview`: what `up` would change; nothing is changed, and no cluster need exist. */
import { operate } from "../stack/engine.ts";
import { prepare } from "../stack/prepare.ts";
import { openSession, openStack } from "../stack/session.ts";

/** Runs the command; returns its exit code. */
export async function preview(
  asked: string | undefined,
  options: {
    readonly json?: boolean;
    readonly expectNoChanges?: boolean;
    readonly refresh?: boolean;
  },
): Promise<number> {
  const session = await openSession(asked, "preview");
  await prepare(session.decision, session.paths.home, options.json === true ? "stderr" : "stdout");
  await openStack(session);
  await operate(session, "preview", {
    more: [
      options.json === true ? "--json" : "--diff",
      ...(options.refresh === true ? ["--refresh"] : []),
      ...(options.expectNoChanges === true ? ["--expect-no-changes"] : []),
    ],
  });
  return 0;
}
