/** `npm run doctor`: what this machine has, what `up` would build, and what it would change. */
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

import { decide, type Decision } from "../stack/lab.ts";
import { labName } from "../stack/project.ts";
import { formatSeconds } from "../../messages/durations.ts";
import { formatMegabytes, formatTable } from "../report/terminal.ts";

/** Runs the command and returns its exit code, which is 1 when there is an obstacle. */
export async function doctor(options: { readonly json?: boolean }): Promise<number> {
  const decision = await decide("cluster", { labName: labName() });
  const free = freeMegabytes(decision.directories.cache);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(doctorReport(decision, free), undefined, 2)}\n`
      : formatDoctor(decision, free),
  );
  return obstaclesOf(decision, free).length === 0 ? 0 : 1;
}

/** Free space where the cache is or will be. */
function freeMegabytes(folder: string): number {
  if (!existsSync(folder)) return freeMegabytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1e6;
}

function obstaclesOf({ obstacles, estimate, directories }: Decision, free: number): string[] {
  const lines = obstacles.map(({ what, fix }) => `${what}. Fix: ${fix}.`);
  if (free >= estimate.peakMegabytes) return lines;
  const space =
    `${directories.cache} has ${formatMegabytes(free)} free and the build needs ` +
    `${formatMegabytes(estimate.peakMegabytes)}. Fix: free some, or set XDG_CACHE_HOME to a larger disk.`;
  return [...lines, space];
}

/** The report for programs. */
export function doctorReport(decision: Decision, free: number) {
  const { tools, missing, estimate, hostChanges, directories } = decision;
  return {
    schemaVersion: 1,
    usesLab: !decision.officialDocker,
    tools: tools.map(({ tool, path, version, problem, official }) => ({
      ...{ tool, path: path ?? null, version: version ?? null },
      ...{ problem: problem ?? null, official },
    })),
    build: missing.map(({ name, kind, version, seconds, megabytes }) => ({
      ...{ name, kind, version, seconds, megabytes },
    })),
    estimate: {
      seconds: estimate.seconds,
      peakMegabytes: estimate.peakMegabytes,
      keptMegabytes: estimate.megabytes,
      freeMegabytes: Math.round(free),
    },
    cache: directories.cache,
    hostChanges,
    obstacles: obstaclesOf(decision, free),
  };
}

/** The report for people. */
export function formatDoctor(decision: Decision, free: number): string {
  const { missing, estimate, hostChanges, directories } = decision;
  const { seconds, peakMegabytes, megabytes } = estimate;
  const lines = (title: string, items: readonly string[], none: string) =>
    `\n${title}\n${(items.length === 0 ? [none] : items).map((item) => `  ${item}\n`).join("")}`;
  const parts = missing.map(({ name, kind, version }) => [`  ${name}`, version, kind]);
  const costs =
    `  about ${formatSeconds(seconds)} on two cores, up to ${formatMegabytes(peakMegabytes)} of space ` +
    `during the build and ${formatMegabytes(megabytes)} afterwards in ${directories.cache} ` +
    `(${formatMegabytes(free)} free)\n`;
  const obstacles = obstaclesOf(decision, free);
  return [
    `Programs on this machine\n${formatTable(toolRows(decision))}`,
    missing.length === 0
      ? "\nWhat up would build\n  nothing, because all parts are there\n"
      : `\nWhat up would build\n${formatTable(parts)}${costs}`,
    lines("What up would change on this machine", hostChanges, "nothing outside the cache"),
    lines("Obstacles", obstacles, "none"),
    "\nNothing was changed.\n",
  ].join("");
}

function toolRows({ tools, officialDocker }: Decision): string[][] {
  const replaced = [
    "pulumi",
    ...(officialDocker ? ["minikube"] : ["minikube", "docker", "kubectl"]),
  ];
  return tools.map(({ tool, path, version, problem, official }) => {
    if (path !== undefined && problem === undefined) return [`  ${tool}`, version ?? "", path];
    const instead = replaced.includes(tool) ? "the lab brings one; official: " : "";
    if (path === undefined) return [`  ${tool}`, "not found", `${instead}${official}`];
    return [`  ${tool}`, "does not work", `${problem ?? ""}; ${instead}${official}`];
  });
}
