/** `npm run down`: removes what `up` created, then the lab. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";

import { UserError } from "../../messages/errors.ts";
import { EngineFailure } from "../report/engineFailure.ts";
import { runTasks } from "../report/progress.ts";
import { assertStateReachesRecorded } from "../stack/existingCluster.ts";
import { ending, removeLab, type Decision, waking } from "../stack/lab.ts";
import { openStack } from "../stack/openStack.ts";
import { operate } from "../stack/operate.ts";
import { prepare } from "../stack/prepare.ts";
import { dropPendingOperations } from "../stack/repair.ts";
import { openSession, readStackFile, type Session } from "../stack/session.ts";
import { clusterKind } from "../stack/stackFile.ts";
import { forgetCluster, sweepCluster } from "../stack/sweepCluster.ts";
import { assertDockerAnswers, readUpRecord, recordDown, recordRemoved } from "../stack/upRecord.ts";

/** Options of the command. */
export interface DownOptions {
  /** Also remove the project's state of this lab and everything that was built. */
  readonly purge?: boolean;
  /** End the lab and forget the state without running the engine. */
  readonly abandon?: boolean;
}

/** Runs the command and returns its exit code. */
export async function down(
  named: string | undefined,
  { purge = false, abandon = false }: DownOptions,
): Promise<number> {
  const session = await openSession(named, "preview", (line) => {
    console.log(line);
  });
  const { stackName, decision, paths, workplace, stack } = session;
  if (!abandon) assertDockerAnswers(session);
  if (purge) refuseWhileOthersRun(decision);
  // Without a backend nothing was ever up, and no engine has to be built to find out.
  if (!stack.isInOwnBackend || existsSync(paths.backend)) {
    await prepare(decision, paths.home, "stdout");
  }
  if (!abandon && workplace.inLab && workplace.isUp()) await runTasks(waking(decision));
  const sizes = await stack.sizes();
  const { up, inLab: others } = otherStacks(session, sizes);
  if (purge && up.length > 0) {
    throw new UserError(
      `the state and the built parts cannot be removed, because ${up.join(" and ")} may still use them`,
      `run ${up.map((other) => `\`npm run down ${other}\``).join(" and ")} first, or omit --purge`,
    );
  }
  const resources = await resourcesOf(stack, sizes);
  if (!abandon) assertKnown(session, resources);
  const lost = isLost(session, resources ?? 0);
  if (lost) console.log("the lab does not run any more: the state of what ran in it is removed");
  const forgotten = abandon || lost;
  if (resources !== undefined) {
    if (resources > 0 && !forgotten) await destroy(session);
    recordRemoved(session);
    await stack.remove();
  }
  if (abandon) forgetCluster(readStackFile(stackName));
  const isSwept = forgotten || (await sweepCluster(session, readStackFile(stackName)));
  await endLab(session, others);
  if ((forgotten || !isSwept) && workplace.inLab && others.length === 0) {
    await removeLab(decision, false);
  }
  recordDown(session);
  if (purge) {
    await removeLab(decision, true);
    rmSync(paths.directory, { recursive: true, force: true });
  }
  console.log(`${stackName} is down`);
  return 0;
}

/** Whether the stack's resources were in a lab that does not run any more. */
export function isLost(
  {
    recordedPlace,
    workplace,
  }: Pick<Session, "recordedPlace"> & {
    readonly workplace: Pick<Session["workplace"], "isUp">;
  },
  resources: number,
): boolean {
  return resources > 0 && recordedPlace === "lab" && !workplace.isUp();
}

/** Number of recorded resources. Undefined when there is no stack. */
async function resourcesOf(
  stack: Session["stack"],
  sizes: ReadonlyMap<string, number>,
): Promise<number | undefined> {
  if (!(await stack.exists())) return undefined;
  // A shared backend may not list every stack.
  return sizes.get(stack.name) ?? (stack.isInOwnBackend ? 0 : 1);
}

/** All labs of a user share the built parts, and their data is in the same folder. */
function refuseWhileOthersRun({ directories: { name, run, cache } }: Decision): void {
  const entries = existsSync(dirname(run))
    ? readdirSync(dirname(run), { withFileTypes: true })
    : [];
  const labs = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const others = labs.filter((lab) => lab !== name);
  if (others.length === 0) return;
  throw new UserError(
    `${cache} cannot be removed, because it holds the data of the running ${others.join(" and ")}`,
    `end those first (${others.map((lab) => `PROVENET_LAB=${lab} npm run down`).join("; ")}), or omit --purge`,
  );
}

async function destroy(session: Session): Promise<void> {
  const { stackName } = session;
  await openStack(session);
  const exported = await dropPendingOperations(session, (line) => {
    console.log(line);
  });
  if (exported !== undefined) await assertStateReachesRecorded(exported, stackName);
  try {
    await operate(session, "destroy");
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    throw new UserError(
      `${stackName} is not down, because the engine could not delete everything (see above)`,
      clusterKind(readStackFile(stackName)) === "gke"
        ? "correct that and run this again. Google bills what is left"
        : `correct that and run this again, or run \`npm run down ${stackName} -- --abandon\` to ` +
            "end the lab and forget the state without deleting anything else",
      error.exitCode,
    );
  }
}

/**
 * Other stacks that have resources or are recorded as up, and those of them that may be in the lab.
 * A shared backend also has the stacks of other people, so there only the record counts.
 */
export function otherStacks(
  {
    stackName,
    stack,
    paths,
  }: Pick<Session, "stackName" | "paths"> & {
    readonly stack: Pick<Session["stack"], "isInOwnBackend">;
  },
  sizes: ReadonlyMap<string, number>,
): { readonly up: string[]; readonly inLab: string[] } {
  const record = readUpRecord(paths.upRecord);
  const own = stack.isInOwnBackend ? [...sizes] : [];
  const filled = own.filter(([, size]) => size > 0).map(([name]) => name);
  const up = [...new Set([...Object.keys(record), ...filled])]
    .filter((other) => other !== stackName)
    .sort();
  return { up, inLab: up.filter((other) => record[other]?.place !== "machine") };
}

/**
 * Refuses to call a stack down that is up in another backend.
 *
 * @throws {UserError} when the record has the stack and the backend does not
 */
export function assertKnown(
  { stackName, paths }: Pick<Session, "stackName" | "paths">,
  resources: number | undefined,
): void {
  const recorded = readUpRecord(paths.upRecord)[stackName];
  if (recorded === undefined || recorded.isRemoved === true || resources !== undefined) return;
  throw new UserError(
    `${stackName} is up, but this backend has no such stack`,
    "set PULUMI_BACKEND_URL and PULUMI_ACCESS_TOKEN as they were for `up`, or run " +
      `\`npm run down ${stackName} -- --abandon\` to forget the stack without deleting anything`,
  );
}

/** Ends the lab, unless another stack has resources in it. */
async function endLab({ workplace, decision }: Session, others: readonly string[]): Promise<void> {
  if (!workplace.inLab) return;
  if (others.length > 0) {
    console.log(`the lab keeps running, because the stack ${others.join(" and ")} may use it`);
    return;
  }
  await runTasks(ending(decision));
}
