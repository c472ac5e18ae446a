/** The private files of one cluster, in `.provenet/<lab>`. $PROVENET_LAB is the lab's name. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

import type { MinikubeRequest } from "./request.ts";

const markerSchema = z.strictObject({
  profile: z.string(),
  state: z.enum(["making", "made"]),
  /** UID of a cluster that is made. */
  uid: z.string().optional(),
  /** Identity of the Docker daemon that has the nodes. */
  daemon: z.string().optional(),
  /** What minikube's profile has as its UUID. Markers of older versions have none. */
  token: z.string().optional(),
  /** Ids of the nodes' containers, by name. */
  machines: z.record(z.string(), z.string()).optional(),
});

/** Records that this project made the cluster, and whether it was ever complete. */
export type Marker = z.output<typeof markerSchema>;

/** Where one cluster's files are. */
export interface ClusterFiles {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly marker: string;
}

/** Paths relative to the project, so that a stack's state contains no path of this machine. */
export function filesOf({ profile }: Pick<MinikubeRequest, "profile">): ClusterFiles {
  const directory = join(".provenet", process.env.PROVENET_LAB ?? "provenet");
  return {
    directory,
    kubeconfig: join(directory, `kubeconfig-${profile}`),
    marker: join(directory, `cluster-${profile}.json`),
  };
}

/** The marker, or undefined when this project did not make the cluster. */
export function readMarker({ marker }: ClusterFiles): Marker | undefined {
  if (!existsSync(marker)) return undefined;
  try {
    return markerSchema.parse(JSON.parse(readFileSync(marker, "utf8")));
  } catch {
    return undefined;
  }
}

/** Records the cluster's state. A truncated marker would look like a foreign cluster. */
export function writeMarker(files: ClusterFiles, marker: Marker): void {
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(files.marker, `${JSON.stringify(marker)}\n`, { mode: 0o600 });
}

/** Makes the kubeconfig, which contains keys, readable by its owner only. */
export function protectKubeconfig({ kubeconfig }: ClusterFiles): void {
  if (existsSync(kubeconfig)) chmodSync(kubeconfig, 0o600);
}

/** Removes every file of the cluster. */
export function removeFiles({ kubeconfig, marker }: ClusterFiles): void {
  for (const file of [kubeconfig, marker]) rmSync(file, { force: true });
}
