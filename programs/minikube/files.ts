/** The private files of one cluster, below the project's folder for state. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { z } from "zod";
import type { MinikubeRequest } from "./request.ts";

const markerSchema = z.strictObject({ profile: z.string(), state: z.enum(["making", "made"]) });

/** Says that this project made the cluster, and whether it was ever whole. */
export type Marker = z.output<typeof markerSchema>;

/**
 * Paths relative to the project, so that no path of this machine gets into a stack's state.
 *
 * The folder is `.provenet/<lab>`, where the lab's name comes from $PROVENET_LAB.
 */
export function filesOf({ profile }: Pick<MinikubeRequest, "profile">): ClusterFiles {
  const lab = process.env.PROVENET_LAB ?? "provenet";
  const directory = join(".provenet", lab);
  return {
    directory,
    kubeconfig: join(directory, `kubeconfig-${profile}`),
    marker: join(directory, `cluster-${profile}.json`),
  };
}

/** Where one cluster's files are. */
export interface ClusterFiles {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly marker: string;
}

/** The marker, or undefined when this project did not make the cluster. */
export function readMarker({ marker }: ClusterFiles): Marker | undefined {
  if (!existsSync(marker)) return undefined;
  try {
    return markerSchema.parse(JSON.parse(readFileSync(marker, "utf8")));
  } catch {
    return undefined; // not ours: it says nothing
  }
}

/** Notes how far the cluster is. */
export function writeMarker(files: ClusterFiles, marker: Marker): void {
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
  // Renamed into place: a note that is cut off would make the cluster a stranger's.
  const temporary = `${files.marker}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(marker)}\n`, { mode: 0o600 });
  renameSync(temporary, files.marker);
}

/** Keeps the kubeconfig, which holds keys, from everybody but its owner. */
export function protectKubeconfig({ kubeconfig }: ClusterFiles): void {
  if (existsSync(kubeconfig)) chmodSync(kubeconfig, 0o600);
}

/** Removes every file of the cluster. */
export function removeFiles({ kubeconfig, marker }: ClusterFiles): void {
  for (const file of [kubeconfig, marker]) rmSync(file, { force: true });
}
