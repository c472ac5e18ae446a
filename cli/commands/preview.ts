/** `npm run preview`: what `up` would change. Changes nothing and needs no cluster. */
import { errorsIn, parseEvents } from "../report/engineEvents.ts";
import { formatPreview } from "../report/previewTree.ts";
import { openStack } from "../stack/openStack.ts";
import { onTerminal, operate, runEngine } from "../stack/operate.ts";
import { prepare } from "../stack/prepare.ts";
import { assertReadable } from "../stack/repair.ts";
import { openSession, type Session } from "../stack/session.ts";

/** Options of the command. */
export interface PreviewOptions {
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly refresh?: boolean;
  readonly expectNoChanges?: boolean;
}

/** Runs the command and returns its exit code. */
export async function preview(
  named: string | undefined,
  { json = false, diff = false, refresh = false, expectNoChanges = false }: PreviewOptions,
): Promise<number> {
  const session = await openSession(named, "preview");
  await prepare(session.decision, session.paths.home, json ? "stderr" : "stdout");
  await openStack(session);
  if (refresh && session.workplace.isUp()) await assertReadable(session);
  const more = [
    ...(refresh ? ["--refresh"] : []),
    ...(expectNoChanges ? ["--expect-no-changes"] : []),
  ];
  if (json) await operate(session, "preview", { more: ["--json", ...more] });
  else if (diff) await operate(session, "preview", { more: ["--diff", ...more] });
  else if (onTerminal()) await operate(session, "preview", { more });
  else await printReport(session, more);
  return 0;
}

/** Prints the report also for a preview that fails, because it has the program's messages. */
async function printReport(session: Session, more: readonly string[]): Promise<void> {
  let text = "";
  const { stackName, stack } = session;
  const argv = [
    process.execPath,
    "cli/stack/previewEvents.ts",
    stackName,
    stack.configFile,
    ...more,
  ];
  try {
    await runEngine(session, "preview", argv, {
      output: (part) => (text += part),
      isShown: () => text.includes('"severity":"error"'),
      reported: () => errorsIn(parseEvents(text)),
    });
  } finally {
    const events = parseEvents(text);
    if (events.length > 0) process.stdout.write(formatPreview(events));
  }
}
