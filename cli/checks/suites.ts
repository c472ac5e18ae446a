/** Runs mocha suites and counts their results. */
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../stack/project.ts";
import { readReport, takeReport, type Tally } from "./tally.ts";
import { coloured } from "../report/terminal.ts";

/** Tests that run in one mocha process. */
export interface Suite {
  readonly name: "unit" | "kernel" | "engine" | "live" | "kill";
  /** Mocha's arguments for files and timeout. */
  readonly args: readonly string[];
}

/** All suites. `.mocharc.json` names the files of the unit tests. */
export const suites: Readonly<Record<Suite["name"], Suite>> = {
  unit: { name: "unit", args: [] },
  /** Real routes and packets, in network namespaces that the tests create. */
  kernel: {
    name: "kernel",
    args: ["--no-config", "--timeout", "60000", "test/**/*.kernel.spec.ts"],
  },
  engine: {
    name: "engine",
    args: ["--config", ".mocharc.engine.json"],
  },
  live: {
    name: "live",
    args: ["--no-config", "--timeout", "1800000", "test/live/**/*.spec.ts"],
  },
  /** Runs that are killed with everything that they started, in a separate lab. */
  kill: {
    name: "kill",
    args: ["--no-config", "--timeout", "3600000", "--bail", "test/kill/**/*.spec.ts"],
  },
};

/** Runs a suite and shows mocha's list. `more` are further arguments for mocha. */
export function runSuite(
  suite: Suite,
  more: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<Tally> {
  const report = join(tmpdir(), `provenet-${suite.name}-${process.pid}.json`);
  const mocha = join(projectRoot, "node_modules", "mocha", "bin", "mocha.js");
  const reporter = join(import.meta.dirname, "mochaReporter.cjs");
  const args = [
    mocha,
    ...["--reporter", reporter, "--reporter-option", `output=${report}`],
    ...(coloured(process.stdout) ? [] : ["--no-color"]),
    ...suite.args,
    ...more,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      env: { ...process.env, ...variables },
      stdio: "inherit",
    });
    // Mocha stops the tests in order. On a terminal the kernel sends it Ctrl-C directly.
    const forward = (signal: NodeJS.Signals) => {
      if (!process.stdin.isTTY) child.kill(signal);
    };
    process.on("SIGINT", forward).on("SIGTERM", forward);
    child.on("error", reject);
    child.on("exit", (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve(readReport(takeReport(report), code ?? 1));
    });
  });
}
