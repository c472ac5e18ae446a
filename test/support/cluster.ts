/** A pretended minikube, Docker and API server, for what drives the real ones. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { MinikubeRequest } from "../../programs/minikube/request.ts";

/** A request for a cluster with two nodes. */
export const clusterRequest: MinikubeRequest = {
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
  kubeProxy: { mode: "iptables" },
  labels: {},
};

/** Settings of the same cluster. */
export const clusterSettings = { kind: "minikube", ...clusterRequest } as const;

/** A profile of the pretended minikube. */
export interface GivenProfile {
  /** The first is called `first`. */
  readonly nodes: readonly string[];
  /** State of the nodes' containers. Undefined for none. */
  readonly containers?: "running" | "exited";
  /** Whether minikube cannot read its record. */
  readonly broken?: boolean;
  /** Its UUID, which somebody else's profile lacks. @default that of the profile before */
  readonly uuid?: string;
}

/** What the pretended machine is like, and what was asked of it. */
export interface Machine {
  /** Puts a profile there with its containers, or changes them; undefined removes them. */
  profile(profile: GivenProfile | undefined): void;
  /** Sets the state of a container, as `docker ps` names it. Undefined removes it. */
  container(name: string, state: "running" | "exited" | undefined): void;
  /** Sets the id of a container, as after somebody created it again. */
  id(name: string, id: string): void;
  /** Removes the profiles, as with another MINIKUBE_HOME. The containers stay. */
  withoutProfiles(): void;
  /** Puts another profile of one node there, with its container. */
  neighbour(name: string): void;
  /** Whether the API server has a node of that name. */
  joined(name: string, joined: boolean): void;
  /** The names of all containers. */
  containers(): string[];
  /** Puts a file into the pretended world, or removes it. */
  world(
    file: "docker-is-down" | "never-join" | "daemon" | "resets",
    content: string | undefined,
  ): void;
  /** Reads a file of the pretended world. */
  read(file: "memory" | "nodes-variable"): string;
  /** Lets that many starts fail from now on. */
  failStarts(count: number): void;
  /** What a start writes as the kubeconfig. */
  kubeconfig(text: string): void;
  /** The calls of minikube since the last time, without their flags. */
  calls(): string[];
  /** Merge patches that nodes got, by path. */
  readonly patches: { path: string; patch: unknown }[];
  /** What the API server says of itself and its nodes. */
  readonly api: {
    uid: string;
    network: string;
    annotations: Record<string, string>;
    /** All pods. */
    pods: object[];
    /** How many times the last node says that it is not Ready. */
    unreadyLooks: number;
    /** How many requests are answered with 503. */
    unavailable: number;
  };
  /** Paths of the objects that were deleted. */
  readonly deleted: string[];
  /** Ends the API server, removes the folder and goes back. */
  leave(): Promise<void>;
}

/** Enters a temporary folder, with the pretended minikube first on PATH. */
export async function enterMachine(): Promise<Machine> {
  const { PATH: path, PROVENET_LAB: lab, MINIKUBE_HOME: home } = process.env;
  const before = { path, lab, home, directory: process.cwd() };
  const programs = ["minikube", "docker"].map((name) => [name, resolve(`test/support/${name}.sh`)]);
  const directory = mkdtempSync(join(tmpdir(), "provenet-machine-"));
  const world = join(directory, "world");
  const profile = join(world, "profiles", clusterRequest.profile);
  for (const folder of ["profiles", "machines", "joined", "ids"]) {
    mkdirSync(join(world, folder), { recursive: true });
  }

  const api: Machine["api"] = {
    ...{ uid: "uid-1", network: "192.168.49", annotations: {}, pods: [] },
    ...{ unreadyLooks: 0, unavailable: 0 },
  };
  const deleted: string[] = [];
  const patches: Machine["patches"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      if (request.method === "PATCH") patches.push({ path, patch: JSON.parse(body) as unknown });
      if (api.unavailable > 0) {
        api.unavailable -= 1;
        response.writeHead(503).end();
        return;
      }
      if (request.method === "POST" && path === "/api/v1/nodes") {
        const { metadata } = JSON.parse(body) as { metadata: { name: string } };
        put(join(world, "joined", metadata.name), "");
      }
      if (request.method === "DELETE") {
        deleted.push(path);
        put(join(world, "joined", path.split("/").at(-1) ?? ""), undefined);
      }
      response.end(answer(path));
    });
  });
  const answer = (path: string): string => {
    if (path === "/readyz") return "ok";
    if (path === "/api/v1/pods") return JSON.stringify({ items: api.pods });
    if (path === "/api/v1/services") return '{"items":[]}';
    if (path.endsWith("/configmaps/kube-proxy")) {
      const data = { "config.conf": "mode: ipvs\n" };
      return JSON.stringify({ metadata: { resourceVersion: "1" }, data });
    }
    if (path.endsWith("/daemonsets/kube-proxy")) {
      return JSON.stringify({ spec: { template: { metadata: {} } } });
    }
    if (path.startsWith("/api/v1/namespaces/")) {
      return JSON.stringify({ metadata: { uid: api.uid } });
    }
    const isReady = api.unreadyLooks === 0 || path !== "/api/v1/nodes";
    if (!isReady) api.unreadyLooks -= 1;
    const items = readdirSync(join(world, "joined")).map((name, position, { length }) => ({
      metadata: { name, annotations: api.annotations },
      spec: {},
      status: {
        conditions: [
          { type: "Ready", status: isReady || position < length - 1 ? "True" : "False" },
        ],
        addresses: [
          { type: "Hostname", address: "x" },
          { type: "InternalIP", address: `${api.network}.${position + 2}` },
        ],
        nodeInfo: { architecture: "amd64", kernelVersion: "6.6.95" },
      },
    }));
    const one = items.find(({ metadata }) => path === `/api/v1/nodes/${metadata.name}`);
    return JSON.stringify(one ?? { items });
  };
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;

  writeFileSync(join(world, "kubeconfig"), kubeconfigText(`http://127.0.0.1:${port}`));
  writeFileSync(join(world, "fail-starts"), "0");
  writeFileSync(join(world, "daemon"), "daemon-1");
  for (const [name = "", file = ""] of programs) symlinkSync(file, join(directory, name));
  process.env.MINIKUBE_WORLD = world;
  process.env.MINIKUBE_HOME = world;
  process.env.PATH = `${directory}:${before.path ?? ""}`;
  delete process.env.PROVENET_LAB;
  process.chdir(directory);

  return {
    api,
    patches,
    deleted,
    id: (name, id) => {
      put(join(world, "ids", name), id);
    },
    withoutProfiles: () => {
      rmSync(join(world, "profiles"), { recursive: true });
    },
    neighbour: (name) => {
      mkdirSync(join(world, "profiles", name));
      writeFileSync(join(world, "profiles", name, "nodes"), "first\n");
      writeFileSync(join(world, "machines", name), "running");
    },
    profile: (wanted) => {
      const uuid = join(profile, "uuid");
      const token = wanted?.uuid ?? (existsSync(uuid) ? readFileSync(uuid, "utf8") : "");
      for (const folder of [profile, join(world, "machines"), join(world, "joined")]) {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
      }
      if (wanted === undefined) {
        rmSync(profile, { recursive: true });
        return;
      }
      writeFileSync(uuid, token);
      writeFileSync(join(profile, "nodes"), wanted.nodes.map((node) => `${node}\n`).join(""));
      if (wanted.broken === true) writeFileSync(join(profile, "broken"), "");
      if (wanted.containers === undefined) return;
      for (const node of wanted.nodes) {
        const name = node === "first" ? "provenet" : `provenet-${node}`;
        writeFileSync(join(world, "machines", name), wanted.containers);
        writeFileSync(join(world, "joined", name), "");
      }
    },
    container: (name, state) => {
      put(join(world, "machines", name), state);
    },
    joined: (name, joined) => {
      put(join(world, "joined", name), joined ? "" : undefined);
    },
    containers: () => readdirSync(join(world, "machines")),
    world: (file, content) => {
      put(join(world, file), content);
    },
    read: (file) => readFileSync(join(world, file), "utf8").trim(),
    failStarts: (count) => {
      writeFileSync(join(world, "fail-starts"), String(count));
    },
    kubeconfig: (text) => {
      writeFileSync(join(world, "kubeconfig"), text);
    },
    calls: () => {
      const calls = linesOf(join(world, "calls"));
      writeFileSync(join(world, "calls"), "");
      return calls.map((call) => call.split(" --")[0] ?? "");
    },
    leave: async () => {
      process.chdir(before.directory);
      process.env.PATH = before.path;
      delete process.env.MINIKUBE_WORLD;
      delete process.env.MINIKUBE_HOME;
      if (before.home !== undefined) process.env.MINIKUBE_HOME = before.home;
      if (before.lab !== undefined) process.env.PROVENET_LAB = before.lab;
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

function put(file: string, content: string | undefined): void {
  if (content === undefined) rmSync(file, { force: true });
  else writeFileSync(file, content);
}

function linesOf(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
