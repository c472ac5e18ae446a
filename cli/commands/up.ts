/** `npm run up`: prepares the machine, runs the engine, proves every address. */
import { clusterSeconds } from "../report/engineEvents.ts";
import { recordMeasurement } from "../report/measurements.ts";
import { exitCodeOfAll, formatUpSummary, resultOf, type UpSummary } from "../report/summary.ts";
import { assertReachesCloud } from "../stack/cloud.ts";
import { assertStateReachesRecorded } from "../stack/existingCluster.ts";
import { openStack } from "../stack/openStack.ts";
import { operate } from "../stack/operate.ts";
import { prepare } from "../stack/prepare.ts";
import { repair } from "../stack/repair.ts";
import { openSession, readStackFile, type Session } from "../stack/session.ts";
import { assertDriverIsBuilt, clusterKind } from "../stack/stackFile.ts";
import { assertDockerAnswers, assertKindOfPlace, recordDown, recordUp } from "../stack/upRecord.ts";
import { printVerdicts, verifySession, withDeadlineOfUp } from "./verify.ts";

/** Runs the command and returns its exit code. */
export async function up(
  named: string | undefined,
  { json = false, refresh = false }: { readonly json?: boolean; readonly refresh?: boolean },
): Promise<number> {
  const started = new Date();
  const watch = stopwatch();
  const tell = (line: string) => {
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  };

  const session = await openSession(named, "cluster", tell);
  const { stackName, stack, decision, paths } = session;
  assertDockerAnswers(session);
  const file = readStackFile(stackName);
  assertDriverIsBuilt(stackName, file, decision);
  const kind = clusterKind(file);
  assertKindOfPlace(session, kind);
  assertReachesCloud(stackName, kind, decision);
  await prepare(decision, paths.home, json ? "stderr" : "stdout");
  await openStack(session);
  const isStarted = await repair(session, tell);
  const refreshed = refresh ? await stack.export() : undefined;
  if (refreshed !== undefined) await assertStateReachesRecorded(refreshed, stackName);
  recordUp(session);
  watch.lap("prepare");

  const more = refresh ? ["--refresh"] : [];
  const began = Date.now() / 1000;
  let nodesReady: number | undefined;
  try {
    const events = await operate(session, "up", { output: json ? "stderr" : "inherit", more });
    nodesReady = clusterSeconds(events, began);
  } catch (error) {
    await recordNothing(session);
    throw error;
  }
  const changes = await stack.lastChanges();
  watch.lap("deploy");

  if (isStarted) tell("waiting until the pods of the restarted cluster answer");
  const { verdicts, outputs } = await verifySession(session, (request) =>
    withDeadlineOfUp(request, isStarted),
  );
  watch.lap("verify");

  const exitCode = exitCodeOfAll(verdicts);
  const summary: UpSummary = {
    schemaVersion: 1,
    stack: stackName,
    result: resultOf(exitCode),
    changes,
    urls: outputs.urls,
    times: watch.laps,
    clusterSeconds: nodesReady ?? null,
    checks: verdicts,
  };
  recordMeasurement(paths.measurements, {
    ...{ started: started.toISOString(), stack: stackName, changes, times: watch.laps },
  });
  if (json) {
    console.log(JSON.stringify(summary));
  } else {
    printVerdicts(verdicts);
    process.stdout.write(formatUpSummary(summary));
    if (summary.result === "broken") {
      console.log("\nNot every address is proved. The explanations are above.");
    }
    if (summary.result === "unknown") {
      console.log("\nNot every address could be checked. The explanations are above.");
    }
  }
  return exitCode;
}

/** Takes a stack out of the record when a failed `up` has created nothing but the stack itself. */
async function recordNothing(session: Session): Promise<void> {
  const { stack, stackName } = session;
  const sizes = await stack.sizes().catch(() => undefined);
  if (sizes !== undefined && (sizes.get(stackName) ?? 0) <= 1) recordDown(session);
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
