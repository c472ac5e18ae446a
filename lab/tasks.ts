import { existsSync, lstatSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { ListrTask } from "listr2";

import { UserError } from "../messages/errors.ts";
import { installStandIns } from "../stand-ins/install.ts";
import { buildTasks, type BuildOptions } from "./build/build.ts";
import { assertRoom } from "./build/estimate.ts";
import { storeOf, type Decision } from "./decide.ts";
import { loadNodeImage, startDocker, stopDocker } from "./host/dockerDaemon.ts";
import { fillMinikubeCache, writeMinikubeLauncher } from "./host/minikubeHome.ts";
import { makeNamespaces, removeNamespaces } from "./host/namespaces.ts";
import { assertOurs, claim, isOurs, namespacesOf, release } from "./host/owner.ts";
import { binOf, linkPrograms, networkTools, pulumiFolderOf } from "./programs.ts";

/** Arguments of {@link prepareTasks}. */
export interface TaskOptions extends BuildOptions {
  /** The checkout that owns the lab. Another checkout's lab is never touched. */
  readonly project: string;
  /** Pulumi's home, which receives the stand-ins for plugins. */
  readonly pulumiHome: string;
}

/** Steps that prepare the machine, for listr2. Each can be interrupted and repeated. */
export function prepareTasks(decision: Decision, options: TaskOptions): ListrTask[] {
  const { purpose, officialDocker } = decision;
  const tasks = [checkTask(decision, options), ...partTasks(decision, options)];
  if (!decision.officialPulumi && !purpose.endsWith("tests")) {
    tasks.push(standInTask(decision, options));
  }
  if (decision.uses.includes("crds") && !purpose.endsWith("tests")) {
    tasks.push(crdsTask(decision, options));
  }
  if (purpose !== "cluster") return tasks;
  return [...tasks, ...(officialDocker ? minikubeTasks(decision) : hostTasks(decision, options))];
}

function checkTask(decision: Decision, { project }: TaskOptions): ListrTask {
  const { directories, missing, obstacles, purpose, officialDocker } = decision;
  return {
    title: "check the machine",
    task: async () => {
      if (obstacles.length > 0) {
        throw new UserError(
          obstacles.map(({ what }) => what).join("\n"),
          obstacles.map(({ fix }) => fix).join("; "),
        );
      }
      if (purpose === "cluster" && !officialDocker) await assertOurs(directories, project);
      await assertRoom(directories.cache, missing);
      await storeOf(directories).sweep();
    },
  };
}

function partTasks(decision: Decision, options: TaskOptions): ListrTask[] {
  const { directories, missing } = decision;
  if (missing.length === 0) return [];
  return [
    {
      title: `build ${missing.length} parts that this machine lacks`,
      task: (_context, task) =>
        task.newListr(buildTasks(storeOf(directories), missing, options), { concurrent: false }),
    },
  ];
}

/** A plain `pulumi up` has no machine facts and reads the CRDs in the project. */
function crdsTask({ directories }: Decision, { project }: TaskOptions): ListrTask {
  const link = join(project, ".provenet", "crds");
  return {
    title: "link the CRDs",
    task: async () => {
      const found = lstatSync(link, { throwIfNoEntry: false });
      if (found !== undefined && !found.isSymbolicLink()) return;
      await mkdir(dirname(link), { recursive: true, mode: 0o700 });
      await rm(link, { force: true });
      await symlink(storeOf(directories).directoryOf("crds"), link);
    },
  };
}

function standInTask(decision: Decision, { pulumiHome }: TaskOptions): ListrTask {
  return {
    title: "set up Pulumi with its stand-in plugins",
    task: () =>
      installStandIns({
        node: process.execPath,
        pulumiBinary: join(storeOf(decision.directories).directoryOf("pulumi"), "bin", "pulumi"),
        directory: pulumiFolderOf(decision),
        pulumiHome,
      }),
  };
}

/** The machine has Docker, so at most minikube comes from the lab. */
function minikubeTasks(decision: Decision): ListrTask[] {
  if (decision.officialMinikube) return [];
  const store = storeOf(decision.directories);
  return [
    {
      title: "link minikube",
      task: () => linkPrograms(store, ["minikube"], binOf(decision)),
    },
  ];
}

/** The machine lacks Docker, so the lab runs its own in the router's namespace. */
function hostTasks(decision: Decision, { project }: TaskOptions): ListrTask[] {
  const { directories } = decision;
  const store = storeOf(directories);
  const { client, router } = namespacesOf(directories);
  return [
    {
      title: `create the network namespaces ${client} and ${router}`,
      task: async () => {
        await claim(directories, project);
        await makeNamespaces(directories);
      },
    },
    {
      title: "start the lab's Docker",
      task: async (_context, task) => {
        await startDocker(directories, networkTools(decision));
        await loadNodeImage(directories, store, (line) => (task.output = line));
      },
    },
    {
      title: "fill minikube's cache",
      task: async () => {
        await fillMinikubeCache(directories, store);
        await linkPrograms(store, ["kubernetes"], binOf(decision));
        await writeMinikubeLauncher(
          directories,
          join(store.directoryOf("minikube"), "bin", "minikube"),
          join(binOf(decision), "minikube"),
        );
      },
    },
  ];
}

/**
 * Starts the Docker of a lab that has namespaces, as after the death of its daemon. Without Docker
 * nobody can tell which nodes there are.
 */
export function wakeTasks(decision: Decision): ListrTask[] {
  const { directories } = decision;
  const tools = networkTools(decision);
  return [
    {
      title: "start the lab's Docker",
      enabled: () =>
        existsSync(join(directories.lab, "docker")) && existsSync(join(tools, "dockerd")),
      task: () => startDocker(directories, tools),
    },
  ];
}

/** Steps that end a lab after its stacks are destroyed. Built parts stay in the cache. */
export function stopTasks({ directories }: Decision, project: string): ListrTask[] {
  return [
    {
      title: "stop the lab's Docker",
      enabled: () => existsSync(directories.run),
      task: async () => {
        if (!(await isOurs(directories, project))) await assertOurs(directories, project);
        await stopDocker(directories);
      },
    },
    {
      title: "remove the network namespaces",
      enabled: () => existsSync(directories.run),
      task: async () => {
        await removeNamespaces(directories);
        await release(directories);
      },
    },
  ];
}

/** Removes the lab's data, and with `everything` also the built parts of all labs of this user. */
export async function purge({ directories }: Decision, everything: boolean): Promise<void> {
  const { lab, cache } = directories;
  await rm(everything ? cache : lab, { recursive: true, force: true, maxRetries: 3 });
}
