import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { prove } from "../../probe/prove.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import { verdictSchema } from "../../probe/verdict.ts";
import { type Ending, type Received, serveExec } from "../kube/execServer.ts";
import { kubeconfigText, temporaryDirectory } from "../kube/support.ts";

const request: ProbeRequest = {
  ask: "cluster-dns",
  name: "cluster-dns",
  service: { namespace: "default", name: "kubernetes" },
  pods: { namespace: "v", selector: "app=v" },
  deadlineSeconds: 0.5,
};

/** Attempts at 0, 100 and 300 ms of a clock that only waiting moves. */
function pace() {
  let time = 0;
  const wait = (milliseconds: number) => Promise.resolve((time += milliseconds));
  return { now: () => time, wait, shortestAttempt: 30_000 };
}

const node = (name: string, os = "linux") => ({
  metadata: { name, labels: { "kubernetes.io/os": os } },
  status: {
    addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
    nodeInfo: { architecture: "amd64", kernelVersion: "6.6.95" },
  },
});

const pod = (nodeName: string, ready = "True") => ({
  metadata: { name: `pod-${nodeName}` },
  spec: { nodeName, containers: [{ name: "main" }] },
  status: { conditions: [{ type: "Ready", status: ready }] },
});

describe("a proof from pods", () => {
  const directory = temporaryDirectory();
  let close: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await close?.();
    close = undefined;
  });

  /** Proves against a cluster with the nodes a and b, whose pods get these answers. */
  async function run(
    lookUp: (pod: string, attempt: number) => Ending,
    pods: readonly object[] = [pod("a"), pod("b")],
  ) {
    const received: Received[] = [];
    const objects: Record<string, object> = {
      "/api/v1/nodes": { items: [node("b"), node("a"), node("c", "windows")] },
      "/api/v1/namespaces/v/pods?labelSelector=app%3Dv": { items: pods },
      "/api/v1/namespaces/default/services/kubernetes": { spec: { clusterIP: "10.96.0.1" } },
    };
    const server = await serveExec(
      (command) => {
        received.push(command);
        if (command.command[0] === "cat") {
          const stdout = "search v.svc.k.example svc.k.example\nnameserver 10.96.0.10\n";
          return { exitCode: 0, stdout };
        }
        const name = /pods\/([^/]+)\/exec/.exec(command.path)?.[1] ?? "";
        const asked = received.filter(
          ({ path, command: words }) => path === command.path && words[0] === "getent",
        );
        return lookUp(name, asked.length);
      },
      ({ url = "" }, response) => {
        const object = objects[url];
        response.writeHead(object === undefined ? 404 : 200).end(JSON.stringify(object ?? {}));
      },
    );
    ({ close } = server);
    const kubeconfig = join(directory(), "config");
    writeFileSync(kubeconfig, kubeconfigText({ server: `http://127.0.0.1:${server.port}` }));
    const verdict = await prove(request, { kubeconfig, pace: pace() });
    return { verdict: verdictSchema.parse(verdict), received };
  }

  const right = { exitCode: 0, stdout: "10.96.0.1       kubernetes.default.svc.k.example\n" };

  it("asks in a pod of every node, for the Service's name in the cluster's own domain", async () => {
    const { verdict, received } = await run(() => right);
    expect(verdict).to.include({
      verdict: "proved",
      attempts: 1,
      asked: "cluster DNS for the Service default/kubernetes from a pod on every node",
      lastAnswer: "pods on a and b get the address",
    });
    const asked = received.filter(({ command }) => command[0] === "getent");
    expect(
      asked.map(({ path, container, command }) => [path, container, ...command]),
    ).to.have.deep.members(
      ["a", "b"].map((name) => [
        ...[`/api/v1/namespaces/v/pods/pod-${name}/exec`, "main"],
        ...["getent", "hosts", "kubernetes.default.svc.k.example."],
      ]),
    );
  });

  it("repeats the question until every node has the answer", async () => {
    const { verdict } = await run((name, attempt) =>
      name === "pod-b" && attempt < 3 ? { exitCode: 2 } : right,
    );
    expect(verdict).to.include({ verdict: "proved", attempts: 3 });
  });

  it("does not ask a node again that had the answer", async () => {
    const { verdict } = await run((name, attempt) =>
      (name === "pod-a" && attempt === 1) || (name === "pod-b" && attempt === 2)
        ? right
        : { exitCode: 2 },
    );
    expect(verdict).to.include({ verdict: "proved", attempts: 2 });
  });

  it("names the node whose pods get no answer", async () => {
    const { verdict } = await run((name) => (name === "pod-b" ? { exitCode: 2 } : right));
    expect(verdict).to.include({
      ...{ verdict: "broken", symptom: "no name", lastAnswer: "pods on b get no answer" },
    });
    expect(verdict.hops[0]?.evidence).to.deep.equal([
      "a: kubernetes.default.svc.k.example. is 10.96.0.1",
      "b: no address for kubernetes.default.svc.k.example.",
    ]);
  });

  it("names the node whose pods get another address", async () => {
    const { verdict } = await run((name) =>
      name === "pod-a" ? { exitCode: 0, stdout: "192.0.2.9 x\n" } : right,
    );
    expect(verdict).to.include({ symptom: "wrong answer" });
    expect(verdict.broken).to.include({ hop: 1 });
    expect(verdict.hops[0]?.evidence[0]).to.match(/is 192\.0\.2\.9 instead of 10\.96\.0\.1/);
  });

  it("is unknown when a node has no ready pod, and when a pod lacks getent", async () => {
    const unready = await run(() => right, [pod("a"), pod("b", "False")]);
    expect(unready.verdict).to.include({
      ...{ verdict: "unknown", lastAnswer: "pods on b could not be asked" },
    });
    await close?.();
    const lacking = await run((name) => (name === "pod-b" ? { exitCode: 127 } : right));
    expect(lacking.verdict.verdict).to.equal("unknown");
  });

  it("is unknown without a kubeconfig, and without an API server", async () => {
    const without = await prove(request, { pace: pace() });
    expect(without).to.include({ verdict: "unknown" });
    const kubeconfig = join(directory(), "config");
    writeFileSync(kubeconfig, kubeconfigText({ server: "http://127.0.0.1:1" }));
    const dead = await prove(request, { kubeconfig, pace: pace() });
    expect(dead).to.include({ verdict: "unknown", attempts: 3 });
    expect(dead.lastAnswer).to.match(/did not answer/);
  });
});
