/** Where the time of a preview goes that finds nothing to do. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { Figure } from "./figure.ts";
import { divide, formatShares, parseTimeline, type Part } from "./shares.ts";
import { openStack } from "../stack/openStack.ts";
import { engineArguments } from "../stack/operate.ts";
import { policySettingsOf, projectRoot } from "../stack/project.ts";
import type { Session } from "../stack/session.ts";
import { formatSeconds } from "../../messages/durations.ts";

const name = "no-op preview";
const rounds = 3;
const recorder = join(import.meta.dirname, "timeline.cjs");

interface Round {
  readonly exitCode: number | undefined;
  readonly seconds: number;
  readonly shares: Record<Part, number>;
}

/** Runs the preview of a running stack three times and divides the fastest run among its parts. */
export async function noOpPreview(session: Session): Promise<Figure> {
  const { stackName, workplace, stack } = session;
  const resources = (await stack.sizes()).get(stackName) ?? 0;
  if (resources === 0 || !workplace.isUp()) {
    return { name, text: `not measured, because ${stackName} is not up` };
  }
  await openStack(session);
  const measured: Round[] = [];
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measure(session));
    starts.push(await nodeStart());
  }
  const best = measured.reduce((one, other) => (other.seconds < one.seconds ? other : one));
  const ratio = (best.seconds / Math.min(...starts)).toFixed(0);
  const remark =
    best.exitCode === 0 ? "" : ". It would change something, as `npm run preview` shows";
  return {
    name,
    text:
      `${formatSeconds(best.seconds)} for ${resources} resources, ${ratio} times a bare start of ` +
      `Node: ${formatShares(best.shares)}${remark}`,
    seconds: {
      preview: best.seconds,
      ...Object.fromEntries(
        Object.entries(best.shares).map(([part, milliseconds]) => [part, milliseconds / 1000]),
      ),
    },
  };
}

async function measure({ stackName, stack, workplace }: Session): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), "provenet-bench-"));
  const timeline = join(folder, "timeline");
  writeFileSync(timeline, "", { mode: 0o600 });
  const { configFile } = stack;
  const policySettings = policySettingsOf(stackName);
  const args = engineArguments("preview", {
    ...{ stackName, configFile, policySettings },
    terminal: false,
  });
  const [program = "pulumi", ...rest] = [...workplace.enter("client"), "pulumi", ...args];
  const variables = workplace.variables();
  const options = [variables.NODE_OPTIONS, `--require="${recorder.replace(/["\\]/g, "\\$&")}"`];
  try {
    const from = Date.now();
    const { exitCode } = await execa(program, [...rest, "--expect-no-changes"], {
      cwd: projectRoot,
      env: { ...variables, NODE_OPTIONS: options.join(" "), PROVENET_TIMELINE: timeline },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    const to = Date.now();
    const shares = divide(parseTimeline(readFileSync(timeline, "utf8")), from, to);
    return { exitCode, seconds: (to - from) / 1000, shares };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds that Node takes to start and to do nothing. */
async function nodeStart(): Promise<number> {
  const started = performance.now();
  await execa(process.execPath, ["--eval", ""], { stdin: "ignore" });
  return (performance.now() - started) / 1000;
}
