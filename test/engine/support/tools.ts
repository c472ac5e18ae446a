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
  /** The folder with calico.yaml and metallb.yaml. */
  readonly definitions: string;
  /** Files that say how kwok's nodes and pods live. */
  readonly kwokStages: readonly string[];
}

/** The folder with the programs: $PROVENET_TOOLS, or where the lab puts them. */
function toolsDirectory(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  return process.env["PROVENET_TOOLS"] ?? path.join(cache, "provenet", "tools", "bin");
}

/** @throws {Error} that names all that is missing, and how to get it. */
export async function findTools(): Promise<Tools> {
  const directory = toolsDirectory();
  const names = [
    ...["pulumi", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"],
    ...["kwok", "kubectl", "kwok-stages", "definitions"],
  ];
  const missing = names.filter((name) => !existsSync(path.join(directory, name)));
  if (missing.length > 0) {
    throw new Error(
      `${directory} lacks ${missing.join(", ")}: run npm test, which builds them, or set PROVENET_TOOLS to a folder that has them`,
    );
  }
  const stages = path.join(directory, "kwok-stages");
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
    definitions: at("definitions"),
    kwokStages: (await readdir(stages))
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => path.join(stages, file)),
  };
}
