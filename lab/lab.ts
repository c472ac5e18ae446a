import { existsSync, statSync } from "node:fs";
import { lstat, mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

import type { ListrTask } from "listr2";

import { assertRoom, buildTasks, removeGoCaches } from "./build/build.ts";
import type { ArtefactStore } from "./build/store.ts";
import { decide, storeOf, type Decision, type Purpose } from "./decide.ts";
import { LabFault } from "./fault.ts";
import { dockerHost, loadNodeImage, startDocker, stopDocker } from "./host/dockerDaemon.ts";
import { fillMinikubeCache, minikubeHome, writeMinikubeLauncher } from "./host/minikubeHome.ts";
import { addresses, makeNamespaces, removeNamespaces } from "./host/namespaces.ts";
import { assertOurs, claim, isOurs, namespacePath, namespacesOf, release } from "./host/owner.ts";
import { installStandIns } from "../stand-ins/install.ts";

export { decide, LabFault };
export type { Decision, Purpose };

/** What a prepared machine offers to the commands. */
export interface Lab {
  /** Variables for pulumi, minikube, kubectl and the probe, over those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Stack configuration (keys without `provenet:`) that differs from the committed file. It tells
   * in which life of the namespaces a route belongs, so it is asked for once they are there.
   */
  readonly overlay: () => Readonly<Record<string, unknown>>;
  /** Argument prefix that runs a command in a namespace of the lab; empty without a lab. */
  readonly enter: (namespace: "client" | "lab") => readonly string[];
}

const projectRoot = join(import.meta.dirname, "..");

/** The folder that stands first on PATH for this lab. */
const binOf = (decision: Decision) => join(decision.directories.lab, "bin");
const pulumiFolderOf = (decision: Decision) => join(decision.directories.lab, "pulumi");

/** A pool outside of the nodes' network, as at home behind a router. */
const routedNetwork = "172.17.255.0/24";

/** Tells a namespace from an earlier one of its name, which took its routes with it. */
function since(namespace: string): { readonly since?: string } {
  const path = namespacePath(namespace);
  return existsSync(path) ? { since: `net:[${statSync(path).ino}]` } : {};
}

/** What the machine offers once {@link prepareTasks} have run; asks nothing and changes nothing. */
export function describeLab(decision: Decision, pulumiHome: string): Lab {
  const { directories, officialDocker, officialPulumi, officialMinikube } = decision;
  const store = storeOf(directories);
  const { client, lab } = namespacesOf(directories);
  const path = [
    ...(officialPulumi ? [] : [pulumiFolderOf(decision)]),
    ...(officialDocker && officialMinikube ? [] : [binOf(decision)]),
    join(projectRoot, "node_modules", ".bin"),
    process.env.PATH ?? "",
    ...(officialDocker ? [] : [networkTools(decision)]),
  ];
  const definitionsDirectory = store.directoryOf("definitions");
  return {
    environment: {
      PATH: path.join(":"),
      PULUMI_HOME: pulumiHome,
      ...(officialPulumi ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
      ...(officialDocker
        ? {}
        : { DOCKER_HOST: dockerHost(directories), MINIKUBE_HOME: minikubeHome(directories) }),
    },
    overlay: () =>
      officialDocker
        ? { definitionsDirectory }
        : {
            definitionsDirectory,
            imageSource: "lab",
            pools: [
              { name: "home", addresses: ["192.168.49.200-192.168.49.239"] },
              { name: "routed", addresses: ["172.17.255.1-172.17.255.254"] },
            ],
            web: { pool: "routed" },
            router: `netns:${namespacePath(lab)}`,
            routes: [
              { on: "host", to: addresses.nodeNetwork, via: addresses.router, ...since(client) },
              { on: "host", to: routedNetwork, via: addresses.router, ...since(client) },
              {
                on: `netns:${namespacePath(lab)}`,
                to: routedNetwork,
                via: addresses.firstNode,
                ...since(lab),
              },
            ],
          },
    enter: (namespace) =>
      officialDocker
        ? []
        : ["nsenter", `--net=${namespacePath(namespace === "client" ? client : lab)}`, "--"],
  };
}

async function linkPrograms(
  store: ArtefactStore,
  names: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const bin = join(store.directoryOf(name), "bin");
    if (!existsSync(bin)) continue;
    for (const program of await readdir(bin)) {
      const target = join(folder, program);
      if (await lstat(target).catch(() => undefined)) await rm(target);
      await symlink(join(bin, program), target);
    }
  }
}

/** The folder with `ip`, `ping`, `nft` and the like that the machine may lack. */
export const networkTools = ({ directories }: Decision): string =>
  join(storeOf(directories).directoryOf("debian-tools"), "bin");

/** A folder with the programs that the tests of the engine start, for `PROVENET_TOOLS`. */
export async function engineTools(decision: Decision): Promise<string> {
  const store = storeOf(decision.directories);
  const folder = join(decision.directories.cache, "tools", "bin");
  await linkPrograms(store, ["pulumi", "kubernetes", "etcd", "kwok"], folder);
  const folders = {
    "kwok-stages": join(store.directoryOf("kwok"), "stages"),
    definitions: store.directoryOf("definitions"),
  };
  for (const [name, target] of Object.entries(folders)) {
    await rm(join(folder, name), { force: true });
    await symlink(target, join(folder, name));
  }
  return folder;
}

/** What {@link prepareTasks} and {@link stopTasks} are told beside the decision. */
export interface TaskOptions {
  /** The project whose lab it is, to tell it from another checkout's. */
  readonly project: string;
  /** Pulumi's home, where the stand-ins for plugins go. */
  readonly pulumiHome: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Keep Go's caches for the next build. @default false */
  readonly keepGoCaches?: boolean;
}

/**
 * The steps that make the machine ready for what was decided, for listr2. All of them can be
 * interrupted and repeated.
 */
export function prepareTasks(decision: Decision, options: TaskOptions): ListrTask[] {
  const { directories, missing, officialDocker, officialPulumi, officialMinikube } = decision;
  const { project, pulumiHome, signal, keepGoCaches = false } = options;
  const store = storeOf(directories);
  const needsNamespaces = decision.purpose === "cluster" && !officialDocker;
  const tasks: ListrTask[] = [
    {
      title: "check the machine",
      task: async () => {
        const [obstacle, ...others] = decision.obstacles;
        if (obstacle !== undefined) throw new LabFault([obstacle, ...others].join("\n"));
        if (needsNamespaces) await assertOurs(directories, project);
        await assertRoom(directories.cache, missing);
        await store.sweep();
      },
    },
  ];
  if (missing.length > 0) {
    tasks.push({
      title: `build ${missing.length} parts that this machine lacks`,
      task: (_context, task) =>
        task.newListr(buildTasks(store, missing, signal), { concurrent: false }),
    });
    if (!keepGoCaches && missing.some(({ kind }) => kind === "go program")) {
      tasks.push({ title: "remove Go's caches", task: () => removeGoCaches(directories.cache) });
    }
  }
  if (!officialPulumi && !decision.purpose.endsWith("tests")) {
    tasks.push({
      title: "set up Pulumi with its stand-in plugins",
      task: () =>
        installStandIns({
          node: process.execPath,
          pulumiBinary: join(store.directoryOf("pulumi"), "bin", "pulumi"),
          directory: pulumiFolderOf(decision),
          pulumiHome,
        }),
    });
  }
  if (decision.purpose !== "cluster") return tasks;
  if (!officialMinikube && officialDocker) {
    tasks.push({
      title: "link minikube",
      task: () => linkPrograms(store, ["minikube"], binOf(decision)),
    });
  }
  if (needsNamespaces) {
    const tools = networkTools(decision);
    tasks.push(
      {
        title: `make the network namespaces ${Object.values(namespacesOf(directories)).join(" and ")}`,
        task: async () => {
          await claim(directories, project);
          await makeNamespaces(directories);
        },
      },
      {
        title: "start the lab's Docker",
        task: async (_context, task) => {
          await startDocker(directories, tools);
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
    );
  }
  return tasks;
}

/** The steps that end a lab after its stack is destroyed; what was built stays in the cache. */
export function stopTasks(
  decision: Decision,
  { project }: Pick<TaskOptions, "project">,
): ListrTask[] {
  const { directories } = decision;
  return [
    {
      title: "end the lab's Docker",
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

/** Removes the lab's data, and with `everything` also what was built for all labs of this user. */
export async function purge(decision: Decision, everything: boolean): Promise<void> {
  const { lab, cache } = decision.directories;
  await rm(everything ? cache : lab, { recursive: true, force: true, maxRetries: 3 });
}
