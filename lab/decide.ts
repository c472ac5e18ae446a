import { geteuid } from "node:process";

import type { Artefact } from "./build/artefact.ts";
import { estimate, type Estimate } from "./build/build.ts";
import { ArtefactStore } from "./build/store.ts";
import { artefacts } from "./parts/parts.ts";
import { currentLabName, directoriesOf, type Directories } from "./directories.ts";
import { findTools, isUsable, type FoundTool, type ToolName } from "./host/findTools.ts";
import { namespacesOf } from "./host/owner.ts";

/** What is to be done: bring a cluster up, only preview one, or run tests that need real programs. */
export type Purpose = "cluster" | "preview" | "engine tests" | "kernel tests";

/** What is on this machine, what of the lab is needed, and what that costs. */
export interface Decision {
  readonly purpose: Purpose;
  readonly directories: Directories;
  readonly tools: readonly FoundTool[];
  /** Whether Pulumi's engine is the machine's own, which then brings its official plugins. */
  readonly officialPulumi: boolean;
  /** Whether a Docker answers: then minikube uses that one and there are no namespaces of ours. */
  readonly officialDocker: boolean;
  /** Whether minikube is the machine's own. */
  readonly officialMinikube: boolean;
  /** Names of the artefacts that will be used. */
  readonly uses: readonly string[];
  /** Those that must be built first. */
  readonly missing: readonly Artefact[];
  readonly estimate: Estimate;
  /** What this changes on the machine outside of the cache, one line each. */
  readonly hostChanges: readonly string[];
  /** Why it cannot be done on this machine as it is, each with its remedy. */
  readonly obstacles: readonly string[];
}

export const storeOf = ({ cache }: Directories): ArtefactStore =>
  new ArtefactStore(cache, artefacts);

function usedArtefacts(
  purpose: Purpose,
  official: Pick<Decision, "officialPulumi" | "officialDocker" | "officialMinikube">,
): string[] {
  if (purpose === "engine tests") return ["pulumi", "kubernetes", "etcd", "kwok", "definitions"];
  if (purpose === "kernel tests") return ["debian-tools"];
  const uses = ["definitions"];
  if (!official.officialPulumi) uses.push("pulumi");
  if (purpose === "preview") return uses;
  if (!official.officialMinikube) uses.push("minikube");
  if (!official.officialDocker) uses.push("debian-tools", "kubernetes", "image-node", "preload");
  return uses;
}

function findObstacles(
  missing: readonly Artefact[],
  needsNamespaces: boolean,
  usable: (tool: ToolName) => boolean,
  docker: FoundTool | undefined,
): string[] {
  const obstacles: string[] = [];
  const has = (kind: Artefact["kind"]) => missing.some((artefact) => artefact.kind === kind);
  if ((has("go program") || has("files")) && !usable("go")) {
    obstacles.push(
      "Go is needed to build what is missing: install Go 1.26 or later (https://go.dev/doc/install).",
    );
  }
  if ((has("debian packages") || has("debian root")) && !usable("apt-get")) {
    obstacles.push(
      "The lab takes parts from Debian's packages and found no apt-get: install Docker and minikube instead, which replace the lab.",
    );
  }
  if (needsNamespaces) {
    const denied = docker?.problem !== undefined && /permission denied/i.test(docker.problem);
    if (denied) {
      obstacles.push(
        `Docker runs but does not admit this user (${docker.problem ?? ""}): add the user to the group docker and log in again, or run as root.`,
      );
    } else if (geteuid?.() !== 0) {
      obstacles.push(
        "The lab makes network namespaces, which needs root: run as root (sudo -E npm run up), or install and start Docker, and the lab is not needed.",
      );
    }
    for (const tool of ["ip", "nsenter"] as const) {
      if (!usable(tool))
        obstacles.push(
          `The lab needs ${tool}: apt-get install ${tool === "ip" ? "iproute2" : "util-linux"}.`,
        );
    }
  }
  return obstacles;
}

/** Looks at the machine and decides what is used of it and what must be built. Changes nothing. */
export async function decide(
  purpose: Purpose = "cluster",
  labName = currentLabName(),
): Promise<Decision> {
  const directories = directoriesOf(labName);
  const tools = await findTools();
  const found = (tool: ToolName) => tools.find((candidate) => candidate.tool === tool);
  const usable = (tool: ToolName) => isUsable(found(tool));
  const officialDocker = usable("docker");
  const official = {
    officialPulumi: usable("pulumi"),
    officialDocker,
    // The lab's images and preload belong to one minikube; beside the lab's Docker it is ours.
    officialMinikube: usable("minikube") && officialDocker,
  };
  const uses = usedArtefacts(purpose, official);
  const missing = storeOf(directories).missing(uses);
  const needsNamespaces = purpose === "cluster" && !officialDocker;
  const { client, lab } = namespacesOf(directories);
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
          `two network namespaces, ${client} and ${lab}, with a cable between them; nothing in the machine's own network`,
          `a dockerd of the lab's own, with its data in ${directories.lab} and its socket in ${directories.run}`,
        ]
      : [],
    obstacles: findObstacles(missing, needsNamespaces, usable, found("docker")),
  };
}
