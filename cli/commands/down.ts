/** `npm run down`: takes down what `up` made, then the lab. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { askEngine, operate } from "../stack/engine.ts";
import { AlreadyTold, CommandFault } from "../report/fault.ts";
import { ending, faultOfLab, removeLab, type Decision } from "../stack/lab.ts";
import { prepare } from "../stack/prepare.ts";
import { runTasks } from "../report/progress.ts";
import { environments } from "../stack/project.ts";
import { clearRemains } from "../stack/repair.ts";
import { heldLock, readCheckpoint, readLocks } from "../stack/recovery.ts";
import { openSession, openStack, type Session } from "../stack/session.ts";

/** Options of the command. */
export interface DownOptions {
  /** Remove the project's state of this lab and everything that was built, too. */
  readonly purge?: boolean;
  /** Ask the engine for nothing: end the lab and forget the state. */
  readonly abandon?: boolean;
}

/** Runs the command; returns its exit code. */
export async function down(asked: string | undefined, options: DownOptions): Promise<number> {
  const session = await openSession(asked, "preview");
  if (options.purge === true) refuseWhileOthersRun(session.decision);
  const lost = resourcesOf(session, session.environment) > 0 && !session.workplace.isUp();
  if (options.abandon === true || lost) {
    if (lost) console.log("the lab does not run any more: forgetting what ran in it");
    await abandon(session);
  } else if (!session.ownBackend || recorded(session)) {
    await destroy(session);
  }
  await endLab(session);
  const { directory } = session.paths;
  if (options.purge === true) {
    await removeLab(session.decision, true);
    rmSync(directory, { recursive: true, force: true });
  }
  console.log(`${session.environment} is down`);
  return 0;
}

/** All labs of a user share what was built, and their data lies beside it. */
function refuseWhileOthersRun({ directories: { name, run, cache } }: Decision): void {
  const labs = existsSync(dirname(run)) ? readdirSync(dirname(run)) : [];
  const others = labs.filter((lab) => lab !== name);
  if (others.length === 0) return;
  throw new CommandFault(
    `${cache} cannot be removed: it also holds the data of the running ${others.join(" and ")}`,
    `end those first (${others.map((lab) => `PROVENET_LAB=${lab} npm run down`).join("; ")}), or leave --purge out`,
  );
}

function recorded({ ownBackend, paths, environment }: Session): boolean {
  return ownBackend && readCheckpoint(paths.backend, environment) !== undefined;
}

function resourcesOf({ ownBackend, paths }: Session, environment: string): number {
  return ownBackend ? (readCheckpoint(paths.backend, environment)?.resources.length ?? 0) : 0;
}

async function destroy(session: Session): Promise<void> {
  const { environment, decision, paths } = session;
  await prepare(decision, paths.home, "stdout");
  if (session.ownBackend && resourcesOf(session, environment) === 0) {
    await forgetStack(session, "--force");
    return;
  }
  await openStack(session);
  await clearRemains(session, (line) => {
    console.log(line);
  });
  try {
    await operate(session, "destroy");
  } catch (error) {
    if (!(error instanceof AlreadyTold)) throw error;
    throw new CommandFault(
      `${environment} is not down: the engine could not delete everything (see above)`,
      `mend that and run this again, or \`npm run down ${environment} -- --abandon\` to forget the ` +
        "state without deleting anything but the lab",
      error.exitCode,
    );
  }
  await forgetStack(session);
}

/** Ends the lab first, so that the engine need not delete what is going anyway. */
async function abandon(session: Session): Promise<void> {
  const held = heldLock(readLocks(session.paths.backend, session.environment));
  if (held !== undefined) {
    throw new CommandFault(
      `another run (process ${held.pid}) works on ${session.environment}`,
      "press Ctrl-C once where it runs, wait for it to end, then run this again",
    );
  }
  if (recorded(session)) await forgetStack(session, "--force");
  await endLab(session);
  if (session.workplace.inLab) await removeLab(session.decision, false);
}

async function forgetStack(session: Session, ...more: readonly string[]): Promise<void> {
  const { environment, paths, configFile } = session;
  await askEngine(session, [
    ...["stack", "rm", environment, "--yes", "--preserve-config", "--remove-backups", ...more],
  ]);
  rmSync(configFile, { force: true });
  rmSync(join(paths.directory, "init"), { recursive: true, force: true });
}

/** Ends the lab, unless another environment still lives in it. */
async function endLab(session: Session): Promise<void> {
  if (!session.workplace.inLab) return;
  const others = environments().filter(
    (other) => other !== session.environment && resourcesOf(session, other) > 0,
  );
  if (others.length > 0) {
    console.log(`the lab goes on running, because ${others.join(" and ")} may still be in it`);
    return;
  }
  try {
    await runTasks(ending(session.decision));
  } catch (error) {
    throw faultOfLab(error);
  }
}
