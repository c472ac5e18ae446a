/** Makes the machine ready, and stops in good order when somebody presses Ctrl-C meanwhile. */
import { CommandFault, exitCodes } from "../report/fault.ts";
import { faultOfLab, preparation, type Decision } from "./lab.ts";
import { runTasks, type Display } from "../report/progress.ts";
import { formatSeconds } from "../../messages/durations.ts";
import { formatMegabytes } from "../report/terminal.ts";

/** Runs what the lab says must be done; does nothing where nothing is missing. */
export async function prepare(
  decision: Decision,
  stateHome: string,
  display: Display,
): Promise<void> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    announce(decision, display);
    await runTasks(preparation(decision, stateHome, stopping.signal), display);
  } catch (error) {
    if (!stopping.signal.aborted) throw faultOfLab(error);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
  if (stopping.signal.aborted) {
    throw new CommandFault(
      "the preparation was stopped; what was finished is kept",
      "run the same command again: it goes on from there",
      exitCodes.interrupted,
    );
  }
}

function announce({ missing, estimate }: Decision, display: Display): void {
  if (missing.length === 0) return;
  const stream = display === "stderr" ? process.stderr : process.stdout;
  const { seconds, peakMegabytes, megabytes } = estimate;
  stream.write(
    `${missing.length} parts are not on this machine and are built now: about ${formatSeconds(seconds)}, ` +
      `${formatMegabytes(peakMegabytes)} of space meanwhile, of which ${formatMegabytes(megabytes)} stay ` +
      "(`npm run doctor` names them, and the official ways to install them)\n",
  );
}
