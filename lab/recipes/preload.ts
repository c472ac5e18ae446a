import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

import { execa } from "execa";

import type { Part } from "../build/part.ts";
import { imageArchive, layerDigests, writeImages } from "./imageArchive.ts";

/** Directory in a node where minikube expects Kubernetes' programs. */
const nodeBinaries = (version: string) => join("lib", "minikube", "binaries", version);

/** Arguments of {@link preload}. */
export interface PreloadOptions {
  readonly kubernetesVersion: string;
  readonly images: readonly string[];
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * minikube's preload tarball: `/var/lib/containerd` of a node with all images unpacked, and
 * Kubernetes' programs. Every node unpacks it at its first start instead of pulling images. A
 * private containerd in an empty network namespace unpacks the images.
 */
export function preload(name: string, options: PreloadOptions): Part {
  const { kubernetesVersion, images } = options;
  return {
    name,
    kind: "preload",
    version: kubernetesVersion,
    needs: ["debian-tools", "kubernetes", ...images],
    files: ["lab/recipes/preload.ts", "lab/recipes/imageArchive.ts", "lab/recipes/layer.ts"],
    values: { images },
    seconds: options.seconds,
    megabytes: options.megabytes,
    async build({ output, of, say, signal }) {
      const tools = join(of("debian-tools"), "bin");
      const content = join(output, "var");
      const state = join(output, "state");
      const scratch = join(output, "layers");
      const socket = `/run/provenet-preload-${process.pid}.sock`;
      await mkdir(join(content, "lib"), { recursive: true });
      await mkdir(scratch);
      const configuration = join(output, "containerd.toml");
      await writeFile(
        configuration,
        [
          "version = 2",
          `root = ${JSON.stringify(join(content, "lib", "containerd"))}`,
          `state = ${JSON.stringify(state)}`,
          'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
          "[grpc]",
          `  address = ${JSON.stringify(socket)}`,
          "[ttrpc]",
          `  address = ${JSON.stringify(`${socket}.ttrpc`)}`,
          "",
        ].join("\n"),
      );
      const environment = { PATH: `${tools}:${process.env.PATH ?? ""}` };
      const containerd = execa(
        "unshare",
        ["--net", join(tools, "containerd"), "--config", configuration],
        {
          env: environment,
          reject: false,
          all: true,
        },
      );
      const ctr = (...args: string[]) =>
        execa(join(tools, "ctr"), ["--address", socket, "--namespace", "k8s.io", ...args], {
          env: environment,
          cancelSignal: signal,
        });
      try {
        for (let waited = 0; ; waited += 200) {
          const { exitCode } = await execa(join(tools, "ctr"), ["--address", socket, "version"], {
            reject: false,
          });
          if (exitCode === 0) break;
          if (waited > 20_000) {
            containerd.kill();
            throw new Error(`containerd did not start: ${(await containerd).all.slice(-800)}`);
          }
          await delay(200, undefined, { signal });
        }
        const written = await writeImages(images, of, scratch);
        say(`unpacking ${images.length} images`);
        await execa(
          join(tools, "ctr"),
          ["--address", socket, "--namespace", "k8s.io", "images", "import", "-"],
          {
            env: environment,
            input: Readable.from(imageArchive(written)),
            cancelSignal: signal,
          },
        );
        // The unpacked layers are enough, as with containerd's discard_unpacked_layers. Removing one
        // image synchronously makes the garbage collector run now.
        await ctr("content", "rm", ...(await layerDigests(written)));
        const [first] = (await ctr("images", "ls", "--quiet")).stdout.split("\n");
        await ctr("images", "tag", first ?? "", "collect.invalid/garbage:1");
        await ctr("images", "rm", "--sync", "collect.invalid/garbage:1");
      } finally {
        containerd.kill();
        await containerd;
        await rm(socket, { force: true });
        await rm(`${socket}.ttrpc`, { force: true });
      }
      const binaries = join(content, nodeBinaries(kubernetesVersion));
      await mkdir(binaries, { recursive: true });
      for (const program of ["kubeadm", "kubelet", "kubectl"]) {
        await copyFile(join(of("kubernetes"), "bin", program), join(binaries, program));
        await chmod(join(binaries, program), 0o755);
      }
      say("compressing");
      await execa(
        "tar",
        ["-C", content, "--xattrs", "-I", "lz4", "-cf", join(output, "preload.tar.lz4"), "./lib"],
        { cancelSignal: signal, env: environment },
      );
      for (const rest of [content, state, scratch, configuration]) {
        await rm(rest, { recursive: true, force: true });
      }
    },
  };
}
