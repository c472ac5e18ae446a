/** What the first `up` costs before it can start: everything is built in a temporary cache. */
import type { Figure } from "./figure.ts";
import { runTasks } from "../report/progress.ts";
import { formatMegabytes } from "../report/terminal.ts";
import { measureColdBuild, type ColdBuild } from "../stack/lab.ts";
import { interruptible } from "../stack/prepare.ts";
import { formatSeconds } from "../../messages/durations.ts";

const slowest = 8;

/** Builds all parts of the lab in a temporary cache and removes it again. */
export async function coldBuild(): Promise<Figure> {
  return figureOf(
    await interruptible(
      (signal) => measureColdBuild((tasks) => runTasks(tasks, "stderr"), signal),
      "the build was stopped, and its temporary cache is removed",
      "run the benchmark again",
    ),
  );
}

/** The figure for a build. */
export function figureOf({
  seconds,
  processorSeconds,
  peakMegabytes,
  estimate,
  parts,
}: ColdBuild): Figure {
  const longest = [...parts].sort((one, other) => other.seconds - one.seconds).slice(0, slowest);
  const against = (measured: string, estimated: string) => `${measured} (estimated ${estimated})`;
  return {
    name: "cold build",
    text: [
      against(formatSeconds(seconds), formatSeconds(estimate.seconds)),
      `${formatSeconds(processorSeconds)} of processor time`,
      `peak ${against(formatMegabytes(peakMegabytes), formatMegabytes(estimate.peakMegabytes))}`,
      ...longest.map(
        (part) =>
          `${part.name} ${against(formatSeconds(part.seconds), formatSeconds(part.estimated))}`,
      ),
    ].join(", "),
    seconds: {
      build: seconds,
      processor: processorSeconds,
      ...Object.fromEntries(parts.map((part) => [part.name, part.seconds])),
    },
  };
}
