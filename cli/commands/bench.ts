/** `npm run bench`: measures, and prints ratios that travel between machines. */
import type { Figure } from "../bench/figure.ts";
import { coldBuild } from "../bench/coldBuild.ts";
import { noOpPreview } from "../bench/noOpPreview.ts";
import { programStart } from "../bench/programStart.ts";
import { sharedLines } from "../bench/sharedLines.ts";
import { upByHand } from "../bench/upByHand.ts";
import { readMeasurements, lastCreation } from "../report/measurements.ts";
import { formatTimes } from "../report/summary.ts";
import { openSession, type Session } from "../stack/session.ts";

/** Options of the command. */
export interface BenchOptions {
  readonly json?: boolean;
  /** Also run `up` and a script that does the same by hand. */
  readonly up?: boolean;
  /** Build every part of the lab in a temporary cache, and measure nothing else. */
  readonly cold?: boolean;
}

/** Runs the command and returns its exit code. */
export async function bench(
  named: string | undefined,
  { json = false, up = false, cold = false }: BenchOptions,
): Promise<number> {
  const figures: Figure[] = [];
  const add = (figure: Figure) => {
    figures.push(figure);
    if (!json) console.log(`${figure.name}: ${figure.text}`);
  };
  if (cold) {
    add(await coldBuild());
  } else {
    const session = await openSession(named, "preview");
    add(sharedLines());
    add(await programStart());
    add(await noOpPreview(session));
    add(lastUp(session));
    if (up) for (const figure of await upByHand(session.stackName)) add(figure);
  }
  if (json) console.log(JSON.stringify({ schemaVersion: 1, figures }));
  return 0;
}

function lastUp({ paths, stackName }: Session): Figure {
  const run = lastCreation(readMeasurements(paths.measurements));
  if (run === undefined) {
    return { name: "up", text: `not measured, because ${stackName} was never up` };
  }
  const { started, times } = run;
  return {
    name: `up of ${started}`,
    text: formatTimes(times),
    seconds: Object.fromEntries(times.map(({ stage, seconds }) => [stage, seconds])),
  };
}
