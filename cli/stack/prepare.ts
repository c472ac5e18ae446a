/** Prepares the machine, and stops in order after Ctrl-C. */
import { exitCodes, UserError } from "../../messages/errors.ts";
import { preparation, type Decision } from "./lab.ts";
import { runTasks, type Display } from "../report/progress.ts";
import { formatSeconds } from "../../messages/durations.ts";
import { formatMegabytes } from "../report/terminal.ts";

/** Runs the lab's preparation steps for a decision. */
export async function prepare(
  decision: Decision,
  stateHome: string,
  display: Display,
): Promise<void> {
  await interruptible(
    async (signal) => {
      announce(decision, display);
      await runTasks(preparation(decision, stateHome, signal), display);
    },
    "the preparation was stopped. Finished steps are kept",
    "run the same command again to continue",
  );
}

/**
 * Runs something that Ctrl-C stops in order.
 *
 * @throws {UserError} with this message and fix after Ctrl-C
 */
export async function interruptible<T>(
  run: (signal: AbortSignal) => Promise<T>,
  message: string,
  fix: string,
): Promise<T> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const result = await run(stopping.signal);
    if (!stopping.signal.aborted) return result;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
  throw new UserError(message, fix, exitCodes.interrupted);
}

function announce({ missing, estimate }: Decision, display: Display): void {
  if (missing.length === 0) return;
  const stream = display === "stderr" ? process.stderr : process.stdout;
  const { seconds, peakMegabytes, megabytes } = estimate;
  stream.write(
    `This machine lacks ${missing.length} parts, which are built now. That takes about ` +
      `${formatSeconds(seconds)} and ${formatMegabytes(peakMegabytes)} of space, of which ` +
      `${formatMegabytes(megabytes)} stay in use. \`npm run doctor\` lists the parts and the official ` +
      "programs that replace them.\n",
  );
}
