import { expect } from "chai";
import type { z } from "zod";

import type { KubernetesApi } from "../../../kube/api.ts";
import { drain, keep, refuseOnlyReplicas } from "../../../programs/minikube/drain/drain.ts";
import { messageOf } from "./messageOf.ts";

interface GivenPod {
  readonly name: string;
  node: string;
  /** Kind and name of its controller. */
  readonly of?: string;
  ready?: boolean;
  readonly tolerates?: object[];
  readonly phase?: string;
  readonly mirror?: boolean;
}

const podObject = (pod: GivenPod) => {
  const [kind = "", name = ""] = (pod.of ?? "").split("/");
  return {
    metadata: {
      name: pod.name,
      namespace: "shop",
      labels: { app: name, "pod-template-hash": "5d9c" },
      annotations: pod.mirror === true ? { "kubernetes.io/config.mirror": "x" } : {},
      ...(pod.of !== undefined && {
        ownerReferences: [{ kind, name: `${name}-5d9c`, uid: pod.of, controller: true }],
      }),
    },
    spec: { nodeName: pod.node, tolerations: pod.tolerates ?? [] },
    status: {
      phase: pod.phase ?? "Running",
      conditions: [{ type: "Ready", status: pod.ready === false ? "False" : "True" }],
    },
  };
};

/** A cluster of nodes m01 and m02 whose controllers replace an evicted pod on m01 after two looks. */
function clusterOf(pods: GivenPod[], services: readonly string[] = [], blocked = 0) {
  const calls: string[] = [];
  let evicted = 0;
  let left = blocked;
  let node = {
    metadata: { annotations: {} as Record<string, unknown> },
    spec: { taints: [] as object[] },
  };
  const answers: Record<string, () => unknown> = {
    "/api/v1/pods": () => {
      const items = pods.map(podObject);
      for (const pod of pods) if (pod.node === "m01") pod.ready = true;
      return { items };
    },
    "/api/v1/services": () => ({
      items: services.map((app) => ({
        metadata: { name: app, namespace: "shop" },
        spec: { selector: { app } },
      })),
    }),
    "/api/v1/nodes/m02": () => node,
  };
  const api: KubernetesApi = {
    get: <Schema extends z.ZodType>(path: string, schema: Schema) =>
      Promise.resolve(schema.parse(answers[path]?.())),
    patch: (_, patch) => {
      const { metadata, spec } = patch as Partial<typeof node>;
      node = {
        metadata: { annotations: { ...node.metadata.annotations, ...metadata?.annotations } },
        spec: { ...node.spec, ...spec },
      };
      calls.push(JSON.stringify(patch));
      if (JSON.stringify(patch).includes("NoExecute")) {
        for (const pod of [...pods]) {
          if (pod.of?.startsWith("DaemonSet") === true && pod.tolerates === undefined) {
            pods.splice(pods.indexOf(pod), 1);
          }
        }
      }
      return Promise.resolve();
    },
    post: (path) => {
      const name = path.split("/").at(-2) ?? "";
      if (left > 0) {
        left -= 1;
        calls.push(`blocked ${name}`);
        return Promise.resolve({ status: 429, message: "the budget allows none" });
      }
      calls.push(`evict ${name} while ${pods.filter(({ ready }) => ready !== false).length} serve`);
      const found = pods.findIndex((pod) => pod.name === name);
      const [pod] = pods.splice(found, 1);
      evicted += 1;
      if (pod) {
        pods.push({ ...pod, name: `${pod.of ?? ""}-new${evicted}`, node: "m01", ready: false });
      }
      return Promise.resolve({ status: 201, message: undefined });
    },
    remove: () => Promise.resolve(),
    run: () => Promise.reject(new Error("nothing runs here")),
    waitUntilReady: () => Promise.resolve(),
  };
  return { api, calls };
}

const web = (name: string, node: string): GivenPod => ({ name, node, of: "ReplicaSet/web" });

describe("a node that is removed", () => {
  it("is refused with the only replica behind a Service, and nothing is changed", async () => {
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m03")], ["web"]);
    expect(await messageOf(refuseOnlyReplicas(api, ["m03", "m02"]))).to.equal(
      "error: no node is removed, because m02 carries the only replica of Deployment shop/web, behind the Service shop/web, " +
        "and m03 carries the only replica of Deployment shop/web, behind the Service shop/web\n" +
        "Fix: run another replica on another node, or move it: `kubectl cordon m03 m02 && kubectl rollout restart deployment/web --namespace shop`. Then run up again\n",
    );
    expect(calls).to.deep.equal([]);
  });

  it("is refused with a pod that nothing creates again", async () => {
    const { api } = clusterOf([{ name: "alone", node: "m02" }]);
    expect(await messageOf(refuseOnlyReplicas(api, ["m02"]))).to.contain(
      "m02 has the pod shop/alone, which nothing creates again",
    );
  });

  const allowed: readonly [string, GivenPod[]][] = [
    ["another replica serves elsewhere", [web("a", "m02"), web("b", "m01")]],
    ["no Service leads to the pod", [{ name: "a", node: "m02", of: "ReplicaSet/controller" }]],
    ["the pod is of a DaemonSet", [{ name: "a", node: "m02", of: "DaemonSet/web" }]],
    ["the pod is static", [{ name: "a", node: "m02", of: "Node/web", mirror: true }]],
    ["the pod has ended", [{ name: "a", node: "m02", of: "Job/web", phase: "Succeeded" }]],
  ];
  for (const [what, pods] of allowed) {
    it(`is not refused when ${what}`, async () => {
      await refuseOnlyReplicas(clusterOf(pods, ["web"]).api, ["m02"]);
    });
  }

  it("loses its pods one by one, each once the one before is replaced", async () => {
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m02")]);
    await drain(api, "m02");
    expect(calls.filter((call) => call.startsWith("evict"))).to.deep.equal([
      "evict a while 2 serve",
      "evict b while 2 serve",
    ]);
    expect(calls[0]).to.contain('"unschedulable":true');
  });

  it("waits for a PodDisruptionBudget", async () => {
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m01")], [], 2);
    await drain(api, "m02");
    expect(calls.slice(1, 4)).to.deep.equal(["blocked a", "blocked a", "evict a while 2 serve"]);
  });

  it("lets go of pods that do not tolerate everything, before it is deleted", async () => {
    const pods: GivenPod[] = [
      { name: "speaker", node: "m02", of: "DaemonSet/speaker" },
      { name: "proxy", node: "m02", of: "DaemonSet/proxy", tolerates: [{ operator: "Exists" }] },
    ];
    await drain(clusterOf(pods).api, "m02");
    expect(pods.map(({ name }) => name)).to.deep.equal(["proxy"]);
  });

  it("runs pods again when an interrupted removal is taken back", async () => {
    const { api, calls } = clusterOf([]);
    await keep(api, "m02");
    expect(calls).to.deep.equal([]);
    await drain(api, "m02");
    await keep(api, "m02");
    expect(JSON.parse(calls.at(-1) ?? "")).to.deep.equal({
      metadata: { annotations: { "provenet/removing": null } },
      spec: { unschedulable: null, taints: [] },
    });
  });
});
