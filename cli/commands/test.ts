/** `npm test` and `npm run test:live`: sets up what the tests need, runs them and counts. */
import { exitCodes, formatUserError, UserError } from "../../messages/errors.ts";
import { decide, engineTools, networkTools } from "../stack/lab.ts";
import { prepare } from "../stack/prepare.ts";
import { labName, statePaths } from "../stack/project.ts";
import { runSuite, suites, type Suite } from "../checks/suites.ts";
import { formatTally, sumTallies, type Tally } from "../checks/tally.ts";

/** Runs the named suites in order, prints the closing line and returns the exit code. */
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

/** A suite whose tools cannot be built counts as failed. The others still run. */
async function runOne(name: Suite["name"], more: readonly string[]): Promise<Tally> {
  try {
    return await runSuite(suites[name], more, await toolsFor(name));
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === exitCodes.interrupted) throw error;
    process.stderr.write(formatUserError(error));
    return { passed: 0, failed: 1 };
  }
}

/** Builds the programs that a suite starts and this machine lacks. Returns variables that name them. */
async function toolsFor(name: Suite["name"]): Promise<Record<string, string>> {
  if (name !== "engine" && name !== "kernel") return {};
  const lab = labName();
  const decision = await decide(`${name} tests`, { labName: lab });
  await prepare(decision, statePaths(lab).home, "stdout");
  return name === "engine"
    ? { PROVENET_TOOLS: await engineTools(decision) }
    : { PATH: `${process.env.PATH ?? ""}:${networkTools(decision)}` };
}

/** The suite that an argument names. Without one, all but the live tests. */
export function chooseSuites(asked: string | undefined): Suite["name"][] {
  if (asked === undefined) return ["unit", "kernel", "engine"];
  const found = Object.values(suites).find(({ name }) => name === asked);
  if (found !== undefined) return [found.name];
  throw new UserError(
    `there is no suite ${JSON.stringify(asked)}`,
    `use one of: ${Object.keys(suites).join(", ")}`,
    exitCodes.badUse,
  );
}
