/** `npm run check`: format, lint, types, then the unit tests. */
import { join } from "node:path";

import { execa } from "execa";

import { formatSeconds } from "../../messages/durations.ts";
import { exitCodes } from "../../messages/errors.ts";
import { runSuite, suites } from "../checks/suites.ts";
import { formatTally, sumTallies, type Tally } from "../checks/tally.ts";
import { coloured, paint } from "../report/terminal.ts";
import { projectRoot } from "../stack/project.ts";

interface Step {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly fix: string;
}

const steps: readonly Step[] = [
  {
    name: "format",
    argv: ["prettier", "--check", "--log-level", "warn", "."],
    fix: "npx prettier --write .",
  },
  { name: "types", argv: ["tsc", "--project", "."], fix: "correct the lines above" },
  {
    name: "imports",
    argv: ["depcruise", "--output-type", "err-long", "."],
    fix: "import only what .dependency-cruiser.mjs allows",
  },
  { name: "lint", argv: ["eslint", "--max-warnings", "0", "."], fix: "npx eslint --fix ." },
];

/** Runs the command and returns its exit code. Each step counts as one test. */
export async function check(options: { readonly unit: boolean }): Promise<number> {
  // On two cores these steps together take about as long as the longest one.
  const tallies: Tally[] = await Promise.all(steps.map(runStep));
  if (options.unit) tallies.push(await runSuite(suites.unit));
  const sum = sumTallies(tallies);
  console.log(`\n${formatTally(sum)}`);
  return sum.failed === 0 ? exitCodes.done : exitCodes.failed;
}

async function runStep({ name, argv, fix }: Step): Promise<Tally> {
  const colour = coloured(process.stdout);
  const [program, ...args] = argv;
  const started = performance.now();
  const { exitCode, all } = await execa(join(projectRoot, "node_modules", ".bin", program), args, {
    cwd: projectRoot,
    all: true,
    reject: false,
    stdin: "ignore",
    env: colour ? { FORCE_COLOR: "1" } : { FORCE_COLOR: "0", NO_COLOR: "1" },
  });
  const took = formatSeconds((performance.now() - started) / 1000);
  if (exitCode === 0) {
    console.log(`${paint("✓", "green", colour)} ${name} (${took})`);
    return { passed: 1, failed: 0 };
  }
  console.log(`${all}\n${paint("✗", "red", colour)} ${name} (${took})\nFix: ${fix}`);
  return { passed: 0, failed: 1 };
}
