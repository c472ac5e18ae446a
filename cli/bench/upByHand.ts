/** `up` compared with a script that does the same by hand. */
import { join } from "node:path";
import { rmSync } from "node:fs";

import { execa } from "execa";
import { z } from "zod";

import type { Figure } from "./figure.ts";
import { minikubeRequestOf, objectsOf } from "./byHand/objects.ts";
import { scriptFor, type Step } from "./byHand/script.ts";
import { runTasks } from "../report/progress.ts";
import { ending } from "../stack/lab.ts";
import { prepare } from "../stack/prepare.ts";
import { projectRoot } from "../stack/project.ts";
import { openSession, type Session } from "../stack/session.ts";
import { formatSeconds } from "../../messages/durations.ts";
import { UserError } from "../../messages/errors.ts";

const name = "up by hand";

const summarySchema = z.object({
  times: z.array(z.object({ stage: z.string(), seconds: z.number() })),
  clusterSeconds: z.number().nullable(),
});

/**
 * Runs `up`, exports the stack, runs `down`, then creates the same cluster and the same objects with
 * minikube and kubectl. Removes everything it made. The script runs second, so its caches are the
 * warmer ones.
 *
 * @throws {UserError} when the stack is up already
 */
export async function upByHand(stackName: string): Promise<readonly Figure[]> {
  const session = await openSession(stackName, "cluster");
  const { stack } = session;
  if (((await stack.sizes()).get(stackName) ?? 0) > 0) {
    throw new UserError(
      `${stackName} is up, and this measures how long it takes to come up`,
      `run \`npm run down ${stackName}\` first`,
    );
  }
  // Ctrl-C reaches the running program. This process then removes what that has made.
  const stay = () => undefined;
  process.on("SIGINT", stay).on("SIGTERM", stay);
  try {
    return await measure(session);
  } finally {
    process.off("SIGINT", stay).off("SIGTERM", stay);
  }
}

async function measure(session: Session): Promise<readonly Figure[]> {
  const { stack, stackName, decision, paths } = session;
  const { up, exported } = await upAndDown(stackName, stack);
  const request = minikubeRequestOf(exported);
  if (request === undefined) {
    return [{ name, text: "not measured, because minikube made no cluster" }];
  }

  const steps = scriptFor(request, objectsOf(exported), process.geteuid?.() === 0);
  const kubeconfig = join(paths.directory, "kubeconfig-by-hand");
  try {
    await prepare(decision, paths.home, "stderr");
    const byHand = await runScript(session, steps, kubeconfig);
    return compare(up, byHand, request.nodes);
  } finally {
    await run(session, ["minikube", "delete", "--profile", request.profile], kubeconfig);
    rmSync(kubeconfig, { force: true });
    if (session.workplace.inLab) await runTasks(ending(decision), "stderr");
  }
}

/** Runs `up` and `down`. A failed `up` is followed by `down` too. */
async function upAndDown(stackName: string, stack: Session["stack"]) {
  try {
    const up = summarySchema.parse(JSON.parse(await command("up", stackName, "--json")));
    return { up, exported: await stack.export() };
  } finally {
    await command("down", stackName);
  }
}

/** The figures for the laps of `up` and of the script, in seconds, and for the cluster alone. */
export function compare(
  up: z.output<typeof summarySchema>,
  byHand: Readonly<Record<string, number>>,
  nodes: number,
): readonly Figure[] {
  const lap = (stage: string) => up.times.find((each) => each.stage === stage)?.seconds ?? 0;
  const script = Object.values(byHand).reduce((sum, seconds) => sum + seconds, 0);
  const [prepared, deployed, proved] = [lap("prepare"), lap("deploy"), lap("verify")];
  const ratio = ((deployed + proved) / script).toFixed(2);
  const steps = Object.entries(byHand).map(([step, took]) => `${step} ${formatSeconds(took)}`);
  const whole: Figure = {
    name,
    text:
      `ratio ${ratio}: up ${formatSeconds(deployed + proved)} with every proof ` +
      `(deploy ${formatSeconds(deployed)}, verify ${formatSeconds(proved)}), ` +
      `script ${formatSeconds(script)} without one (${steps.join(", ")}). ` +
      "The script sets no routes and no node labels. " +
      `Both start on a prepared machine, which took up ${formatSeconds(prepared)}`,
    seconds: { prepare: prepared, deploy: deployed, verify: proved, script, ...byHand },
  };
  const { clusterSeconds } = up;
  const minikube = byHand["minikube start"] ?? 0;
  if (clusterSeconds === null || minikube === 0) return [whole];
  return [
    whole,
    {
      name: "cluster stage",
      text:
        `ratio ${(clusterSeconds / minikube).toFixed(2)}: ${formatSeconds(clusterSeconds)} of up until ` +
        `every node is Ready, \`minikube start\` with all ${nodes} nodes ${formatSeconds(minikube)} ` +
        "and none is Ready, because there is no Calico",
      seconds: { cluster: clusterSeconds, minikube },
    },
  ];
}

async function command(...args: readonly string[]): Promise<string> {
  const { stdout, exitCode } = await execa(
    process.execPath,
    [...process.execArgv, "cli/main.ts", ...args],
    { cwd: projectRoot, stdin: "ignore", stderr: "inherit", reject: false },
  );
  if (exitCode !== 0) {
    throw new UserError(
      `\`${args.join(" ")}\` failed, so there is nothing to compare`,
      "follow the message above, then run the benchmark again",
    );
  }
  return stdout;
}

async function runScript(
  session: Session,
  steps: readonly Step[],
  kubeconfig: string,
): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const { name: step, argv, input } of steps) {
    const started = performance.now();
    const { exitCode, all } = await run(session, argv, kubeconfig, input);
    if (exitCode !== 0) {
      throw new UserError(
        `the script that does the same by hand failed at \`${argv.join(" ")}\`\n${all}`,
        "run the benchmark again",
      );
    }
    seconds[step] = (seconds[step] ?? 0) + (performance.now() - started) / 1000;
  }
  return seconds;
}

function run({ workplace }: Session, argv: readonly string[], kubeconfig: string, input = "") {
  const [program = "", ...args] = [...workplace.enter("client"), ...argv];
  return execa(program, args, {
    cwd: projectRoot,
    env: { ...workplace.variables(), KUBECONFIG: kubeconfig },
    extendEnv: false,
    reject: false,
    all: true,
    input,
  });
}
