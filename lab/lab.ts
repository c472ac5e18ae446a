import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { storeOf, type Decision } from "./decide.ts";
import { dockerHost } from "./host/dockerDaemon.ts";
import { minikubeHome } from "./host/minikubeHome.ts";
import { namespacePath, namespacesOf } from "./host/owner.ts";
import { binOf, networkTools, pulumiFolderOf } from "./programs.ts";

export { decide, hasDockerAndMinikube, type Decision, type Purpose } from "./decide.ts";
export { findTool, findTools, onPath } from "./host/findTools.ts";
export type { ColdBuild } from "./build/coldBuild.ts";
export { measureColdBuild } from "./measure.ts";
export { engineTools, networkTools } from "./programs.ts";
export { prepareTasks, purge, stopTasks, type TaskOptions, wakeTasks } from "./tasks.ts";

/** A place of the lab's home network. */
export type Place = "client" | "router";

/** Facts about this machine that fill what a stack file leaves unset. Empty facts fill nothing. */
export interface Machine {
  /** Where container images come from. */
  readonly imageSource?: "lab";
  /** Folder with the CRDs of the pinned upstream releases. */
  readonly crdsDirectory: string;
  /** Vantage of the router between the client and the nodes. */
  readonly router?: string;
  /**
   * For each vantage the identity of its network namespace. It changes when the namespace is
   * recreated, which forces its routes to be added again.
   */
  readonly vantageIds?: Readonly<Record<string, string>>;
}

/** What a prepared machine offers to the commands. */
export interface Lab {
  /** Variables for Pulumi, minikube, kubectl and the probe. They override the process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** The machine's facts. Read them after the preparation, which creates the namespaces. */
  readonly machine: () => Machine;
  /** Argument prefix that runs a command in a namespace of the lab. Empty without a lab. */
  readonly enter: (place: Place) => readonly string[];
}

const projectRoot = join(import.meta.dirname, "..");

/** Identity of a network namespace, as `readlink /proc/self/ns/net` prints it. */
function identityOf(path: string): string | undefined {
  return existsSync(path) ? `net:[${statSync(path).ino}]` : undefined;
}

/** What the machine offers after {@link prepareTasks} have run. Changes nothing. */
export function describeLab(decision: Decision, pulumiHome: string): Lab {
  const { directories, officialDocker, officialPulumi, officialMinikube } = decision;
  const namespaces = namespacesOf(directories);
  const crdsDirectory = storeOf(directories).directoryOf("crds");
  const path = [
    ...(officialPulumi ? [] : [pulumiFolderOf(decision)]),
    ...(officialDocker && officialMinikube ? [] : [binOf(decision)]),
    join(projectRoot, "node_modules", ".bin"),
    process.env.PATH ?? "",
    ...(officialDocker ? [] : [networkTools(decision)]),
  ];
  return {
    env: {
      PATH: path.join(":"),
      PULUMI_HOME: pulumiHome,
      ...(officialPulumi ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
      ...(officialDocker
        ? {}
        : { DOCKER_HOST: dockerHost(directories), MINIKUBE_HOME: minikubeHome(directories) }),
    },
    machine: () => {
      if (officialDocker) return { crdsDirectory };
      const router = `netns:${namespacePath(namespaces.router)}`;
      const identities = {
        // The program runs in the client's namespace, so that is its host.
        host: identityOf(namespacePath(namespaces.client)),
        [router]: identityOf(namespacePath(namespaces.router)),
      };
      const vantageIds = Object.fromEntries(
        Object.entries(identities).filter(([, identity]) => identity !== undefined),
      ) as Record<string, string>;
      return { imageSource: "lab", crdsDirectory, router, vantageIds };
    },
    enter: (place) =>
      officialDocker ? [] : ["nsenter", `--net=${namespacePath(namespaces[place])}`, "--"],
  };
}
