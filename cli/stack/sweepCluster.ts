import { filesOf, readMarker, removeFiles } from "../../programs/minikube/files.ts";
import { sweptSchema } from "../../programs/minikube/request.ts";
import { clusterProgram } from "./clusterProgram.ts";
import type { Session } from "./session.ts";
import { minikubeClusterName, type StackFile } from "./stackFile.ts";

/**
 * Deletes the cluster that a failed or killed `up` left without recording it. Only what this project
 * made is deleted.
 *
 * @returns false when there is such a cluster in a lab that does not run
 * @throws {UserError} when a node is left
 */
export async function sweepCluster(
  session: Pick<Session, "stackName" | "workplace">,
  file: Pick<StackFile, "config">,
): Promise<boolean> {
  const settings = minikubeClusterName(file);
  if (settings === undefined || !readMarker(filesOf(settings))) return true;
  if (!session.workplace.isUp()) return false;
  const answer = await clusterProgram(session, "sweep", { settings });
  const { deleted } = sweptSchema.parse(JSON.parse(answer));
  if (deleted) console.log(`the unrecorded cluster "${settings.profile}" is deleted`);
  return true;
}

/** Forgets the cluster of an abandoned stack. Nothing of it is deleted. */
export function forgetCluster(file: Pick<StackFile, "config">): void {
  const settings = minikubeClusterName(file);
  if (settings !== undefined) removeFiles(filesOf(settings));
}
