import { estimate, type Estimate } from "./build/estimate.ts";
import type { Part } from "./build/part.ts";
import { PartStore } from "./build/store.ts";
import { currentLabName, directoriesOf, type Directories } from "./host/directories.ts";
import { findTool, findTools, isUsable, type FoundTool, type ToolName } from "./host/findTools.ts";
import { findObstacles, type Obstacle } from "./host/obstacles.ts";
import { namespacesOf } from "./host/owner.ts";
import { parts } from "./parts/parts.ts";

/** What the machine is prepared for. */
export type Purpose = "cluster" | "preview" | "engine tests" | "kernel tests";

/** What this machine has, which parts of the lab it needs, and what those cost. */
export interface Decision {
  readonly purpose: Purpose;
  readonly directories: Directories;
  readonly tools: readonly FoundTool[];
  /** Whether the machine's Pulumi is used, which brings its official plugins. */
  readonly officialPulumi: boolean;
  /** Whether the machine's Docker is used. Then there are no namespaces. */
  readonly officialDocker: boolean;
  /** Whether the machine's minikube is used. */
  readonly officialMinikube: boolean;
  /** Names of the parts that will be used. */
  readonly uses: readonly string[];
  /** Parts that must be built first. */
  readonly missing: readonly Part[];
  readonly estimate: Estimate;
  /** Changes on the machine outside of the cache, one line each. */
  readonly hostChanges: readonly string[];
  /** What keeps this machine from running it. */
  readonly obstacles: readonly Obstacle[];
}

/** The store of parts in a lab's cache. */
export const storeOf = ({ cache }: Directories): PartStore => new PartStore(cache, parts);

type Official = Pick<Decision, "officialPulumi" | "officialDocker" | "officialMinikube">;

function usedParts(purpose: Purpose, official: Official): string[] {
  if (purpose === "engine tests") return ["pulumi", "kubernetes", "etcd", "kwok", "crds"];
  if (purpose === "kernel tests") return ["debian-tools"];
  const uses = ["crds"];
  if (!official.officialPulumi) uses.push("pulumi");
  if (purpose === "preview") return uses;
  if (!official.officialMinikube) uses.push("minikube");
  if (!official.officialDocker) uses.push("debian-tools", "kubernetes", "image-node", "preload");
  return uses;
}

/** Whether Docker and minikube both work on this machine, so that it needs no lab. */
export function hasDockerAndMinikube(tools: readonly FoundTool[]): boolean {
  return (["docker", "minikube"] as const).every((tool) => isUsable(findTool(tools, tool)));
}

/** Choices of {@link decide}. */
export interface DecideOptions {
  readonly labName?: string;
  /** Programs on this machine. @default what {@link findTools} finds */
  readonly tools?: readonly FoundTool[];
  /** Use the lab's Docker even where the machine has one. @default false */
  readonly labOnly?: boolean;
  /**
   * Whether the cluster is one that the lab makes where the machine has no Docker.
   * @default true
   */
  readonly labCluster?: boolean;
}

/** Decides what is used of this machine and what must be built. Changes nothing. */
export async function decide(
  purpose: Purpose = "cluster",
  {
    labName = currentLabName(),
    tools: given,
    labOnly = false,
    labCluster = true,
  }: DecideOptions = {},
): Promise<Decision> {
  const directories = directoriesOf(labName);
  const tools = given ?? (await findTools());
  const usable = (tool: ToolName) => isUsable(findTool(tools, tool));
  const officialDocker = usable("docker") && !labOnly;
  const official: Official = {
    // In the lab the engine runs in the client's namespace, where it cannot download plugins.
    officialPulumi: usable("pulumi") && (officialDocker || !labCluster),
    officialDocker,
    // The lab's node image and preload fit one minikube version, so its Docker needs that minikube.
    officialMinikube: usable("minikube") && officialDocker,
  };
  const uses = usedParts(purpose, official);
  const missing = storeOf(directories).missing(uses);
  const needsNamespaces = purpose === "cluster" && !officialDocker;
  const { client, router } = namespacesOf(directories);
  return {
    purpose,
    directories,
    tools,
    ...official,
    uses,
    missing,
    estimate: estimate(missing),
    hostChanges: needsNamespaces
      ? [
          `two network namespaces, ${client} and ${router}, with a cable between them. The machine's own network stays as it is`,
          `a private dockerd with its data in ${directories.lab} and its socket in ${directories.run}`,
          "the cluster's nodes as privileged containers. They get copies of kernel.panic, vm.overcommit_memory and the other sysctls that a node sets, so the machine's stay as they are",
        ]
      : [],
    obstacles: findObstacles(missing, needsNamespaces, tools),
  };
}
