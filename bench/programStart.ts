/** Starts one typed program natively and through ts-node, in turns, and compares. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { Figure } from "../commands/bench.ts";
import { projectRoot } from "../commands/project.ts";
import { formatSeconds } from "../commands/terminal.ts";

const rounds = 3;

/** The vendored ts-node is the one that Pulumi's own language host starts TypeScript with. */
const register =
  'require("@pulumi/pulumi/vendor/ts-node@7.0.1").register({}); require("./program.ts");';

/** Measures both ways in one run; the ratio travels between machines, the seconds do not. */
export async function programStart(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), "provenet-bench-"));
  try {
    const native = prepareFolder(join(folder, "native"), "module");
    const compiled = prepareFolder(join(folder, "ts-node"), "commonjs");
    const times = { native: [] as number[], tsNode: [] as number[] };
    // In turns, so that a slow moment of the machine hits both.
    for (let round = 0; round < rounds; round += 1) {
      times.native.push(await time(native, ["program.ts"]));
      times.tsNode.push(await time(compiled, ["--eval", register]));
    }
    const seconds = { native: Math.min(...times.native), tsNode: Math.min(...times.tsNode) };
    const ratio = (seconds.tsNode / seconds.native).toFixed(1);
    return {
      name: "program start",
      text: `native ${formatSeconds(seconds.native)}, ts-node ${formatSeconds(seconds.tsNode)}: ${ratio} times as fast`,
      seconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepareFolder(folder: string, type: "module" | "commonjs"): string {
  mkdirSync(folder);
  cpSync(join(import.meta.dirname, "program"), folder, { recursive: true });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
  const compilerOptions = {
    ...{ target: "es2022", module: "commonjs", moduleResolution: "node10" },
    ...{ ignoreDeprecations: "6.0", strict: true, skipLibCheck: true, types: ["node"] },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  return folder;
}

async function time(folder: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  await execa(process.execPath, args, { cwd: folder, stdin: "ignore" });
  return (performance.now() - started) / 1000;
}
