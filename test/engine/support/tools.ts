import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** The programs that the engine tests run. */
export interface Tools {
  readonly pulumi: string;
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kwok: string;
  readonly kubectl: string;
  readonly node: string;
  /** The lifecycles of kwok's nodes and pods. */
  readonly kwokStages: readonly string[];
}

/** kwok's stages for the simulated nodes and pods. */
const lives = [
  "node/fast/node-initialize.yaml",
  "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
];

/** The lab's cache of built parts. */
function cacheDirectory(): string {
  return path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "provenet");
}

/** The folder with the programs: $PROVENET_TOOLS, or where the lab puts them. */
function toolsDirectory(): string {
  return process.env.PROVENET_TOOLS ?? path.join(cacheDirectory(), "tools", "bin");
}

/**
 * The folder with calico.yaml and metallb.yaml, next to the programs or among the lab's parts.
 *
 * @throws {Error} when neither folder has them
 */
export async function findDefinitions(): Promise<string> {
  const built = path.join(cacheDirectory(), "parts", "crds");
  const versions = existsSync(built) ? await readdir(built) : [];
  const places = [
    path.join(toolsDirectory(), "crds"),
    ...versions.map((version) => path.join(built, version)),
  ];
  const found = places.find((place) => existsSync(path.join(place, "metallb.yaml")));
  if (found === undefined) {
    throw new Error(
      `there is no calico.yaml and metallb.yaml in ${places.join(" or ")}. Fix: run npm test`,
    );
  }
  return found;
}

/** @throws {Error} with every missing program and the fix */
export function findTools(): Tools {
  const directory = toolsDirectory();
  const names = [
    ...["pulumi", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"],
    ...["kwok", "kubectl", ...lives.map((file) => `kwok-stages/${file}`)],
  ];
  const missing = names.filter((name) => !existsSync(path.join(directory, name)));
  if (missing.length > 0) {
    throw new Error(
      `${directory} lacks ${missing.join(", ")}. Fix: run npm test, which builds them, or set PROVENET_TOOLS to a folder that has them`,
    );
  }
  const at = (name: string) => path.join(directory, name);
  return {
    pulumi: at("pulumi"),
    etcd: at("etcd"),
    kubeApiserver: at("kube-apiserver"),
    kubeControllerManager: at("kube-controller-manager"),
    kubeScheduler: at("kube-scheduler"),
    kwok: at("kwok"),
    kubectl: at("kubectl"),
    node: process.execPath,
    kwokStages: lives.map((file) => at(path.join("kwok-stages", file))),
  };
}
