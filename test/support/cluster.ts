/** A pretended minikube and API server, for what drives the real ones. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { MinikubeSettings } from "../../components/config/settings.ts";

/** Settings of a cluster with two nodes. */
export const clusterSettings: MinikubeSettings = {
  kind: "minikube",
  profile: "provenet",
  nodes: 2,
  memoryMiB: 3072,
  cpus: 2,
  kubernetesVersion: "v1.34.2",
  driver: "docker",
  containerRuntime: "containerd",
  nodeNetwork: "192.168.49.0/24",
  podNetwork: "10.244.0.0/16",
  serviceNetwork: "10.96.0.0/12",
  labels: {},
};

interface World {
  profiles: Record<string, { nodes: string[]; host: string; broken?: boolean }>;
  calls: string[];
  failStarts: number;
  kubeconfig: string;
}

/** What the pretended machine is like, and what was asked of it. */
export interface Machine {
  /** Changes its world. */
  change(change: (world: World) => void): void;
  /** The calls of minikube since the last time, without their flags. */
  calls(): string[];
  /** Merge patches that nodes got, by path. */
  readonly patches: { path: string; patch: unknown }[];
  /** What the API server says of itself and its nodes. */
  readonly api: { uid: string; network: string; annotations: Record<string, string> };
  /** Ends the API server, removes the folder and goes back. */
  leave(): Promise<void>;
}

/** Enters a folder of its own, with the pretended minikube first on PATH. */
export async function enterMachine(): Promise<Machine> {
  const before = { path: process.env.PATH, directory: process.cwd() };
  const program = resolve("test/support/minikube.mjs");
  const directory = mkdtempSync(join(tmpdir(), "provenet-machine-"));
  const worldFile = join(directory, "world.json");
  const read = () => JSON.parse(readFileSync(worldFile, "utf8")) as World;

  const api: Machine["api"] = { uid: "uid-1", network: "192.168.49", annotations: {} };
  const patches: Machine["patches"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      if (request.method === "PATCH") patches.push({ path, patch: JSON.parse(body) as unknown });
      response.end(answer(path));
    });
  });
  const answer = (path: string): string => {
    if (path === "/readyz") return "ok";
    if (path.startsWith("/api/v1/namespaces/"))
      return JSON.stringify({ metadata: { uid: api.uid } });
    const nodes = read().profiles.provenet?.nodes ?? [];
    return JSON.stringify({
      items: nodes.map((node, position) => ({
        metadata: {
          name: node === "" ? "provenet" : `provenet-${node}`,
          annotations: api.annotations,
        },
        status: {
          addresses: [
            { type: "Hostname", address: "x" },
            { type: "InternalIP", address: `${api.network}.${position + 2}` },
          ],
        },
      })),
    });
  };
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;

  const world: World = {
    profiles: {},
    calls: [],
    failStarts: 0,
    kubeconfig: kubeconfigText(`http://127.0.0.1:${port}`),
  };
  writeFileSync(worldFile, JSON.stringify(world));
  const launcher = join(directory, "minikube");
  writeFileSync(launcher, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(launcher, 0o755);
  process.env.MINIKUBE_WORLD = worldFile;
  process.env.PATH = `${directory}:${before.path ?? ""}`;
  process.chdir(directory);

  return {
    api,
    patches,
    change: (change) => {
      const changed = read();
      change(changed);
      writeFileSync(worldFile, JSON.stringify(changed));
    },
    calls: () => {
      const { calls, ...rest } = read();
      writeFileSync(worldFile, JSON.stringify({ ...rest, calls: [] }));
      return calls.map((call) => call.split(" --")[0] ?? "");
    },
    leave: async () => {
      process.chdir(before.directory);
      process.env.PATH = before.path;
      delete process.env.MINIKUBE_WORLD;
      rmSync(directory, { recursive: true });
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A kubeconfig for a server that asks for no certificate. */
export function kubeconfigText(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "provenet",
    contexts: [{ name: "provenet", context: { cluster: "provenet", user: "provenet" } }],
    clusters: [{ name: "provenet", cluster: { server } }],
    users: [{ name: "provenet", user: { token: "planted-token" } }],
  });
}
