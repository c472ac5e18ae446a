import type { ListrTask } from "listr2";

import { UserError } from "../messages/errors.ts";
import { coldBuild, type ColdBuild } from "./build/coldBuild.ts";
import { decide } from "./decide.ts";
import { findObstacles } from "./host/obstacles.ts";
import { parts } from "./parts/parts.ts";

/**
 * Builds everything that a machine without Pulumi, Docker and minikube needs for its first `up`, in a
 * temporary cache, and returns the costs.
 *
 * @throws {UserError} when this machine cannot build the parts
 */
export async function measureColdBuild(
  run: (tasks: readonly ListrTask[]) => Promise<void>,
  signal: AbortSignal,
): Promise<ColdBuild> {
  const { directories, tools, uses } = await decide("cluster", { labOnly: true });
  const obstacles = findObstacles(parts, false, tools);
  if (obstacles.length > 0) {
    throw new UserError(
      obstacles.map(({ what }) => what).join("\n"),
      obstacles.map(({ fix }) => fix).join("; "),
    );
  }
  return coldBuild({ folder: directories.cache, table: parts, names: uses, run, signal });
}
