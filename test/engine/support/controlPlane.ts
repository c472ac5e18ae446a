import type { ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { stringify } from "yaml";

import { ApiClient } from "../../../stand-ins/kubernetes/client.ts";
import { readKubeconfig } from "../../../stand-ins/kubernetes/kubeconfig.ts";
import { end, eventually, start } from "./processes.ts";
import type { Tools } from "./tools.ts";

/** A Kubernetes control plane with simulated nodes. */
export interface ControlPlane {
  /** The administrator's kubeconfig, as text. */
  readonly kubeconfig: string;
  readonly api: ApiClient;
  stop(): Promise<void>;
}

const stagesDirectory = path.join(import.meta.dirname, "stages");
const bearerToken = "engine-tests";

/** Starts etcd, the API server, controllers, scheduler and kwok on free ports of the loopback. */
export async function startControlPlane(tools: Tools): Promise<ControlPlane> {
  const directory = await mkdtemp(path.join(tmpdir(), "provenet-control-plane-"));
  const children: ChildProcess[] = [];
  const run = (name: string, program: string, args: readonly string[]) => {
    children.push(start(program, args, path.join(directory, `${name}.log`)));
  };
  const stop = async () => {
    for (const child of children.toReversed()) await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    return { ...(await startAll(tools, directory, run)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  tools: Tools,
  directory: string,
  run: (name: string, program: string, args: readonly string[]) => void,
): Promise<Omit<ControlPlane, "stop">> {
  const [client = 0, peer = 0, secure = 0, controllers = 0, scheduling = 0, played = 0] =
    await freePorts(6);
  const at = (...parts: string[]) => path.join(directory, ...parts);
  const etcd = `http://127.0.0.1:${client}`;
  run("etcd", tools.etcd, [
    `--data-dir=${at("etcd")}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
    "--unsafe-no-fsync",
  ]);
  await writeServiceAccountKeys(at("sa.key"), at("sa.pub"));
  await writeFile(at("tokens.csv"), `${bearerToken},admin,admin,"system:masters"\n`, {
    mode: 0o600,
  });
  await mkdir(at("api"));
  run("kube-apiserver", tools.kubeApiserver, [
    `--etcd-servers=${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${secure}`,
    `--cert-dir=${at("api")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${at("sa.pub")}`,
    `--service-account-signing-key-file=${at("sa.key")}`,
    `--token-auth-file=${at("tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--allow-privileged=true",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--endpoint-reconciler-type=none",
  ]);

  const certificate = await eventually("the API server's certificate", async () =>
    readFile(at("api", "apiserver.crt")),
  );
  const kubeconfig = kubeconfigFor(`https://127.0.0.1:${secure}`, certificate);
  await writeFile(at("kubeconfig"), kubeconfig, { mode: 0o600 });
  const api = new ApiClient(readKubeconfig({ kubeconfig }));
  await eventually("the API server", async () => {
    await api.request({ method: "GET", path: "/readyz" });
    return api.request({ method: "GET", path: "/api/v1/namespaces/default" });
  });

  run("kube-controller-manager", tools.kubeControllerManager, [
    `--kubeconfig=${at("kubeconfig")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${controllers}`,
    `--cert-dir=${at("controllers")}`,
    `--service-account-private-key-file=${at("sa.key")}`,
    "--leader-elect=false",
  ]);
  run("kube-scheduler", tools.kubeScheduler, [
    `--kubeconfig=${at("kubeconfig")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${scheduling}`,
    `--cert-dir=${at("scheduling")}`,
    "--leader-elect=false",
  ]);
  for (const name of ["played-0", "played-1"]) {
    await api.request({ method: "POST", path: "/api/v1/nodes", body: node(name) });
  }
  run("kwok", tools.kwok, [
    `--kubeconfig=${at("kubeconfig")}`,
    "--manage-all-nodes",
    "--node-lease-duration-seconds=40",
    `--server-address=127.0.0.1:${played}`,
    ...[...tools.kwokStages, path.join(stagesDirectory, "fates.yaml")].flatMap((file) => [
      "-c",
      file,
    ]),
  ]);
  await eventually("the default service account", () =>
    api.request({ method: "GET", path: "/api/v1/namespaces/default/serviceaccounts/default" }),
  );
  return { kubeconfig, api };
}

function kubeconfigFor(server: string, certificate: Buffer): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "played",
        cluster: { server, "certificate-authority-data": certificate.toString("base64") },
      },
    ],
    users: [{ name: "admin", user: { token: bearerToken } }],
    contexts: [{ name: "played", context: { cluster: "played", user: "admin" } }],
    "current-context": "played",
  });
}

function node(name: string) {
  const room = { cpu: "32", memory: "256Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
      },
    },
    status: { allocatable: room, capacity: room },
  };
}

async function writeServiceAccountKeys(privateFile: string, publicFile: string): Promise<void> {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await writeFile(privateFile, keys.privateKey, { mode: 0o600 });
  await writeFile(publicFile, keys.publicKey);
}

/** Different ports that are free now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
