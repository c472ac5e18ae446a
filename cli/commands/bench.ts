/** `npm run bench`: prints what takes how long, each figure beside what it is to be compared with. */
import type { Figure } from "../bench/figure.ts";
import { minikubeAlone } from "../bench/minikubeAlone.ts";
import { noOpPreview } from "../bench/noOpPreview.ts";
import { programStart } from "../bench/programStart.ts";
import { readMeasurements, tellingRun } from "../report/measurements.ts";
import { openSession } from "../stack/session.ts";
import { formatTimes } from "../report/summary.ts";

/** Runs the command; returns its exit code. */
export async function bench(
  asked: string | undefined,
  options: { readonly json?: boolean; readonly cluster?: boolean },
): Promise<number> {
  const session = await openSession(asked, "preview");
  const figures: Figure[] = [];
  const add = (figure: Figure) => {
    figures.push(figure);
    if (options.json !== true) console.log(`${figure.name}: ${figure.text}`);
  };
  add(await programStart());
  add(await noOpPreview(session));
  const run = tellingRun(readMeasurements(session.paths.measurements));
  if (run === undefined) {
    const text = `not measured: no up of ${session.environment} is on record`;
    add({ name: "up", text });
    add({ name: "cluster stage", text });
  } else {
    add({ name: `up of ${run.started}`, text: formatTimes(run.times), seconds: record(run.times) });
    add(await minikubeAlone(session, undefined, options.cluster === true));
  }
  if (options.json === true) console.log(JSON.stringify({ schemaVersion: 1, figures }));
  return 0;
}

function record(times: readonly { stage: string; seconds: number }[]): Record<string, number> {
  return Object.fromEntries(times.map(({ stage, seconds }) => [stage, seconds]));
}
