import { geteuid } from "node:process";

import type { Part } from "../build/part.ts";
import { findTool, isUsable, type FoundTool } from "./findTools.ts";

/** Something about this machine that keeps the lab from running. */
export interface Obstacle {
  readonly what: string;
  /** What to do, in the imperative. */
  readonly fix: string;
}

/** Everything that keeps the parts from being built and the namespaces from being made. */
export function findObstacles(
  missing: readonly Part[],
  needsNamespaces: boolean,
  tools: readonly FoundTool[],
): Obstacle[] {
  return [
    ...obstaclesToBuilding(missing, tools),
    ...(needsNamespaces ? obstaclesToNamespaces(tools) : []),
  ];
}

function obstaclesToBuilding(missing: readonly Part[], tools: readonly FoundTool[]): Obstacle[] {
  const lacks = (...kinds: Part["kind"][]) => missing.some(({ kind }) => kinds.includes(kind));
  const obstacles: Obstacle[] = [];
  if (lacks("go program", "files") && !isUsable(findTool(tools, "go"))) {
    obstacles.push({
      what: "Go is needed to build the missing parts and is not installed",
      fix: "install Go 1.26 or later (https://go.dev/doc/install)",
    });
  }
  if (lacks("debian packages", "debian root") && !isUsable(findTool(tools, "apt-get"))) {
    obstacles.push({
      what: "the lab needs apt-get for its Debian packages and found none",
      fix: "install Docker and minikube, which replace the lab",
    });
  }
  return obstacles;
}

function obstaclesToNamespaces(tools: readonly FoundTool[]): Obstacle[] {
  const obstacles: Obstacle[] = [];
  const docker = findTool(tools, "docker")?.problem;
  if (docker !== undefined && /permission denied/i.test(docker)) {
    obstacles.push({
      what: `Docker runs but refuses this user (${docker})`,
      fix: "add the user to the group docker and log in again, or run as root",
    });
  } else if (geteuid?.() !== 0) {
    obstacles.push({
      what: "the lab creates network namespaces, which needs root",
      fix: "run as root (sudo -E npm run up), or install and start Docker and minikube",
    });
  }
  const packages = { ip: "iproute2", nsenter: "util-linux" } as const;
  for (const tool of ["ip", "nsenter"] as const) {
    if (isUsable(findTool(tools, tool))) continue;
    obstacles.push({ what: `the lab needs ${tool}`, fix: `apt-get install ${packages[tool]}` });
  }
  return obstacles;
}
