import { existsSync } from "node:fs";
import { chmod, copyFile, link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { nodeImage } from "../parts/images.ts";
import { kubernetesVersion } from "../parts/programs.ts";
import type { PartStore } from "../build/store.ts";
import type { Directories } from "./directories.ts";
import { dockerHost } from "./dockerDaemon.ts";
import { namespacePath, namespacesOf } from "./owner.ts";

/** minikube's home in the lab. */
export const minikubeHome = ({ lab }: Directories): string => join(lab, "minikube");

async function place(source: string, target: string): Promise<void> {
  if (existsSync(target)) await rm(target);
  await mkdir(dirname(target), { recursive: true });
  await link(source, target).catch(() => copyFile(source, target));
}

/** Puts Kubernetes' programs and the preload into minikube's cache, so that it downloads nothing. */
export async function fillMinikubeCache(directories: Directories, store: PartStore): Promise<void> {
  const cache = join(minikubeHome(directories), ".minikube", "cache");
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  for (const program of ["kubeadm", "kubelet", "kubectl"]) {
    await place(
      join(store.directoryOf("kubernetes"), "bin", program),
      join(cache, "linux", architecture, kubernetesVersion, program),
    );
  }
  await place(
    join(store.directoryOf("preload"), "preload.tar.lz4"),
    join(
      cache,
      "preloaded-tarball",
      `preloaded-images-k8s-v18-${kubernetesVersion}-containerd-overlay2-${architecture}.tar.lz4`,
    ),
  );
}

/**
 * Writes a `minikube` command that runs the real one in the router's namespace, with the variables
 * that an offline lab needs. Everything about the cluster comes from the caller's arguments.
 */
export async function writeMinikubeLauncher(
  directories: Directories,
  binary: string,
  target: string,
): Promise<void> {
  const { router } = namespacesOf(directories);
  const temporary = join(directories.lab, "tmp");
  const variables = {
    // minikube reserves a cluster's network with a lock in there. Labs may use the same network.
    TMPDIR: temporary,
    MINIKUBE_HOME: minikubeHome(directories),
    DOCKER_HOST: dockerHost(directories),
    MINIKUBE_BASE_IMAGE: nodeImage,
    MINIKUBE_CACHE_IMAGES: "false",
    MINIKUBE_PRELOAD: "true",
    MINIKUBE_INSTALL_ADDONS: "false",
    MINIKUBE_AUTO_UPDATE_DRIVERS: "false",
    MINIKUBE_WANTUPDATENOTIFICATION: "false",
    MINIKUBE_IN_STYLE: "false",
  };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(
    target,
    [
      "#!/bin/sh",
      "# minikube in the router's network namespace, with the lab's Docker, images and home.",
      ...exports,
      "unset HTTP_PROXY HTTPS_PROXY http_proxy https_proxy",
      `exec nsenter --net=${namespacePath(router)} -- '${binary}' "$@"`,
      "",
    ].join("\n"),
  );
  await chmod(target, 0o755);
}
