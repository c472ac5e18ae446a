/** Puts right what would make the engine stumble: what a killed run left, and a cluster that is gone. */
import { execa } from "execa";
import { z } from "zod";

import { askEngine } from "./engine.ts";
import { CommandFault } from "../report/fault.ts";
import { projectRoot } from "./project.ts";
import { heldLock, readCheckpoint, readLocks } from "./recovery.ts";
import type { Session } from "./session.ts";

/** Tells the reader what is being put right. */
export type Tell = (line: string) => void;

/**
 * Clears locks whose process is gone, and operations that had begun when the engine was killed. The
 * latter are dropped from the state: all that this program makes can be made again over itself.
 * Only in the project's own file backend; of any other one nobody here knows who uses it.
 */
export async function clearRemains(session: Session, tell: Tell): Promise<void> {
  const { paths, environment, ownBackend } = session;
  if (!ownBackend) return;
  const locks = readLocks(paths.backend, environment);
  const held = heldLock(locks);
  if (held !== undefined) {
    throw new CommandFault(
      `another run (process ${held.pid} of ${held.username}, since ${held.timestamp}) works on ${environment}`,
      "wait for it to end, or press Ctrl-C once where it runs, then run this again",
    );
  }
  if (locks.length > 0) {
    tell("an earlier run was killed: taking its lock off the state");
    await askEngine(session, ["cancel", "--yes", "--stack", environment]);
  }
  const pending = readCheckpoint(paths.backend, environment)?.pending ?? [];
  if (pending.length > 0) {
    tell(
      `an earlier run was killed in the middle of ${nameOf(pending[0] ?? "")}: that is done again`,
    );
    const exported = await askEngine(session, ["stack", "export", "--stack", environment]);
    // What is imported is stored without its pending operations.
    await askEngine(session, ["stack", "import", "--stack", environment], exported);
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

const findingSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("none") }),
  z.object({ state: z.enum(["running", "stopped"]), urn: z.string(), settings: z.unknown() }),
  z.object({ state: z.literal("lost"), urn: z.string(), why: z.string() }),
]);

/**
 * Looks whether the cluster that the state tells of is still there. One that stands still is started;
 * one that is gone is taken out of the state with all that was in it, so that `up` makes both again.
 */
export async function findLostCluster(session: Session, tell: Tell): Promise<void> {
  const { environment } = session;
  const recorded = session.ownBackend
    ? (readCheckpoint(session.paths.backend, environment)?.resources ?? [])
    : undefined;
  if (recorded?.some((urn) => urn.includes("provenet:cluster:MinikubeCluster")) === false) return;
  const exported = await askEngine(session, ["stack", "export", "--stack", environment]);
  const answer = await clusterProgram(session, "find", { input: exported });
  const finding = findingSchema.parse(JSON.parse(answer));
  if (finding.state === "lost") {
    tell(`the cluster is gone: ${finding.why}; taking it and what was in it out of the state`);
    await askEngine(session, [
      ...["state", "delete", finding.urn, "--target-dependents", "--yes", "--stack", environment],
    ]);
  } else if (finding.state === "stopped") {
    tell("the cluster stands still: starting it");
    await clusterProgram(session, "resume", { settings: finding.settings });
  }
}

async function clusterProgram(
  session: Session,
  command: "find" | "resume",
  given: { readonly input?: string; readonly settings?: unknown },
): Promise<string> {
  const argv = [
    ...session.workplace.enter("client"),
    ...["node", "programs/minikube/main.ts", command],
  ];
  const [program = "node", ...args] = argv;
  const { exitCode, stdout, stderr } = await execa(program, args, {
    cwd: projectRoot,
    env: {
      ...session.variables,
      ...(given.settings === undefined ? {} : { PROVENET_CLUSTER: JSON.stringify(given.settings) }),
    },
    extendEnv: false,
    reject: false,
    ...(given.input === undefined ? { stdin: "ignore" } : { input: given.input }),
  });
  if (exitCode === 0) return stdout;
  throw new CommandFault(
    `the cluster program failed: ${stderr.replace(/^error: /, "").trim()}`,
    `\`npm run down ${session.environment} -- --abandon\` forgets the cluster, then up makes another`,
  );
}
