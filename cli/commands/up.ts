/** `npm run up`: prepares the machine, runs the engine, asks every check. */
import { operate } from "../stack/engine.ts";
import { formatChanges } from "../stack/eventLog.ts";
import { exitCodes } from "../report/fault.ts";
import { prepare } from "../stack/prepare.ts";
import { clearRemains, findLostCluster } from "../stack/repair.ts";
import { openSession, openStack } from "../stack/session.ts";
import {
  exitCodeOfAll,
  formatUpSummary,
  resultOf,
  urlsIn,
  type UpSummary,
} from "../report/summary.ts";
import { recordMeasurement } from "../report/measurements.ts";
import { printVerdicts, verifySession } from "./verify.ts";

/** Runs the command; returns its exit code. */
export async function up(
  asked: string | undefined,
  options: { readonly json?: boolean; readonly refresh?: boolean },
): Promise<number> {
  const json = options.json === true;
  const started = new Date();
  const watch = stopwatch();
  const tell = (line: string) => {
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  };

  const session = await openSession(asked, "cluster");
  await prepare(session.decision, session.paths.home, json ? "stderr" : "stdout");
  await openStack(session);
  await clearRemains(session, tell);
  await findLostCluster(session, tell);
  watch.lap("prepare");

  const run = await operate(session, "up", {
    output: json ? "stderr" : "inherit",
    more: options.refresh === true ? ["--refresh"] : [],
  });
  watch.lap("deploy");

  const { verdicts, outputs } = await verifySession(session);
  watch.lap("verify");

  const exitCode = exitCodeOfAll(verdicts);
  const { environment } = session;
  const summary: UpSummary = {
    schemaVersion: 1,
    environment,
    result: resultOf(exitCode),
    changes: run.changes,
    urls: urlsIn(outputs),
    times: watch.laps,
    stages: run.stages,
    checks: verdicts,
  };
  const { changes, times, stages } = summary;
  recordMeasurement(session.paths.measurements, {
    ...{ started: started.toISOString(), environment, changes, times, stages: [...stages] },
    times: [...times],
  });
  if (json) {
    console.log(JSON.stringify(summary));
  } else {
    printVerdicts(verdicts);
    process.stdout.write(formatUpSummary(summary, formatChanges(changes)));
    if (exitCode !== exitCodes.done) {
      console.log(
        `\nnot everything is ${exitCode === exitCodes.unknown ? "known" : "reached"}: see above`,
      );
    }
  }
  return exitCode;
}

function stopwatch() {
  const laps: { stage: string; seconds: number }[] = [];
  let last = performance.now();
  return {
    laps,
    lap(stage: string) {
      const now = performance.now();
      laps.push({ stage, seconds: Math.round((now - last) / 10) / 100 });
      last = now;
    },
  };
}
