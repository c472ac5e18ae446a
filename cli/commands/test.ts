/** `npm test` and `npm run test:live`: sets up what the tests need, runs them and counts. */
import { CommandFault, exitCodes, formatFault } from "../report/fault.ts";
import { decide, engineTools, networkTools } from "../stack/lab.ts";
import { prepare } from "../stack/prepare.ts";
import { labName, statePaths } from "../stack/project.ts";
import { runSuite, suites, type Suite } from "../checks/suites.ts";
import { formatTally, sumTallies, type Tally } from "../checks/tally.ts";

/** Runs the named suites one after the other, prints the closing line, returns the exit code. */
export async function test(
  names: readonly Suite["name"][],
  options: { readonly grep?: string },
): Promise<number> {
  const more = options.grep === undefined ? [] : ["--grep", options.grep];
  const tallies: Tally[] = [];
  for (const name of names) tallies.push(await runOne(name, more));
  const sum = sumTallies(tallies);
  console.log(`\n${formatTally(sum)}`);
  return sum.failed === 0 ? exitCodes.done : exitCodes.failed;
}

/** A suite whose tools cannot be had has failed; the others run all the same. */
async function runOne(name: Suite["name"], more: readonly string[]): Promise<Tally> {
  try {
    return await runSuite(suites[name], more, await toolsFor(name));
  } catch (error) {
    if (!(error instanceof CommandFault) || error.exitCode === exitCodes.interrupted) throw error;
    process.stderr.write(formatFault(error));
    return { passed: 0, failed: 1 };
  }
}

/** Builds what a suite's tests start and this machine lacks; they find it by the environment. */
async function toolsFor(name: Suite["name"]): Promise<Record<string, string>> {
  if (name !== "engine" && name !== "kernel") return {};
  const lab = labName();
  const decision = await decide(`${name} tests`, { labName: lab });
  await prepare(decision, statePaths(lab).home, "stdout");
  return name === "engine"
    ? { PROVENET_TOOLS: await engineTools(decision) }
    : { PATH: `${process.env.PATH ?? ""}:${networkTools(decision)}` };
}

/** The suites that an argument names; all but the live ones by default. */
export function chooseSuites(asked: string | undefined): Suite["name"][] {
  if (asked === undefined) return ["unit", "kernel", "engine"];
  const found = Object.values(suites).find(({ name }) => name === asked);
  if (found !== undefined) return [found.name];
  throw new CommandFault(
    `there is no suite ${JSON.stringify(asked)}`,
    `write one of: ${Object.keys(suites).join(", ")}`,
    exitCodes.badUse,
  );
}
