/** Starts one typed program natively and through ts-node, in turns, and compares. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { Figure } from "./figure.ts";
import { projectRoot } from "../stack/project.ts";
import { formatSeconds } from "../../messages/durations.ts";

const rounds = 4;

/** The vendored ts-node is the one that Pulumi's own language host starts TypeScript with. */
const register =
  'require("@pulumi/pulumi/vendor/ts-node@7.0.1").register({ cacheDirectory: "cache" }); ' +
  'require("./program.ts");';

/**
 * Measures both ways in one run, the first start with empty caches and the best of those after it.
 * The ratios travel between machines, the seconds do not.
 */
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
    const first = { native: times.native[0] ?? 0, tsNode: times.tsNode[0] ?? 0 };
    const again = {
      native: Math.min(...times.native.slice(1)),
      tsNode: Math.min(...times.tsNode.slice(1)),
    };
    return {
      name: "program start",
      text: `first ${compare(first)}; again ${compare(again)}`,
      seconds: {
        ...{ firstNative: first.native, firstTsNode: first.tsNode },
        ...{ againNative: again.native, againTsNode: again.tsNode },
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare({ native, tsNode }: { native: number; tsNode: number }): string {
  const ratio = (tsNode / native).toFixed(1);
  return `native ${formatSeconds(native)}, ts-node ${formatSeconds(tsNode)} (ratio ${ratio})`;
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
  await execa(process.execPath, args, {
    cwd: folder,
    stdin: "ignore",
    env: { NODE_COMPILE_CACHE: join(folder, "compile-cache") },
  });
  return (performance.now() - started) / 1000;
}
