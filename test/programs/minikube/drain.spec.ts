import { expect } from "chai";

import { CouldNotAsk } from "../../../messages/errors.ts";
import { drain, keep } from "../../../programs/minikube/drain/drain.ts";
import { refuseOnlyReplicas } from "../../../programs/minikube/drain/onlyReplicas.ts";
import { clusterOf, type GivenPod, lookingBriefly } from "./drainedCluster.ts";
import { messageOf } from "./messageOf.ts";

const web = (name: string, node: string): GivenPod => ({ name, node, of: "ReplicaSet/web" });

const budget = [429, "the budget allows none"] as const;
const keeping = (calls: readonly string[]) =>
  calls.filter((call) => call.includes('"unschedulable":null')).length;

describe("a node that is removed", () => {
  it("is refused with the only replica behind a Service, and nothing is changed", async () => {
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m03")], ["web"]);
    expect(await messageOf(refuseOnlyReplicas(api, ["m03", "m02"]))).to.equal(
      "error: no node is removed, because m02 carries the only replica of Deployment shop/web, behind the Service shop/web, " +
        "and m03 carries the only replica of Deployment shop/web, behind the Service shop/web\n" +
        'Fix: run another replica on another node, or move it with `npm run shell -- "kubectl cordon m03 m02 && kubectl rollout restart deployment/web --namespace shop"`. Then run up again\n',
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
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m01")], [], {
      refusals: [budget, budget],
    });
    await drain(api, "m02");
    expect(calls.slice(1, 4)).to.deep.equal(["429 a", "429 a", "evict a while 2 serve"]);
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

  it("is emptied once more after a run that was killed before it deleted the node", async () => {
    const { api, calls } = clusterOf([]);
    await drain(api, "m02");
    await drain(api, "m02");
    expect(JSON.parse(calls.at(-1) ?? "")).to.deep.equal({
      spec: { taints: [{ key: "provenet/removing", effect: "NoExecute" }] },
    });
  });

  it("is not refused for a pod that is about to end", async () => {
    const { api } = clusterOf([{ name: "alone", node: "m02", ending: 3 }]);
    await refuseOnlyReplicas(api, ["m02"]);
  });

  it("is refused while the other replica is about to end", async () => {
    const { api } = clusterOf([web("a", "m02"), { ...web("b", "m01"), ending: 3 }], ["web"]);
    expect(await messageOf(refuseOnlyReplicas(api, ["m02"]))).to.contain("the only replica");
  });

  it("is not refused when the other replica is in another ReplicaSet of the Deployment", async () => {
    const { api } = clusterOf([web("a", "m02"), { ...web("b", "m01"), hash: "77aa" }], ["web"]);
    await refuseOnlyReplicas(api, ["m02"]);
  });

  it("does not evict a pod that is about to end, and waits for its end", async () => {
    const pods = [{ ...web("a", "m02"), ending: 3 }, web("b", "m01")];
    const { api, calls } = clusterOf(pods);
    await drain(api, "m02", lookingBriefly);
    expect(calls.filter((call) => call.startsWith("evict"))).to.deep.equal([]);
  });

  it("is left by a pod that ended before its eviction", async () => {
    const { api, calls } = clusterOf([{ ...web("a", "m02"), ready: false }], [], {
      refusals: Array.from({ length: 1000 }, () => [404, "not found"] as const),
    });
    await drain(api, "m02", lookingBriefly);
    expect(keeping(calls)).to.equal(0);
  });

  it("does not wait for the pod of a Job, which serves nobody", async () => {
    const { api, calls } = clusterOf([{ name: "a", node: "m02", of: "Job/once" }], [], {
      replaces: false,
    });
    await drain(api, "m02", lookingBriefly);
    expect(calls.filter((call) => call.startsWith("evict"))).to.have.length(1);
  });

  for (const [what, replicas] of [
    ["scaled down", 1],
    ["deleted", undefined],
  ] as const) {
    it(`does not wait for replicas of a workload that is ${what} meanwhile`, async () => {
      const pods = [web("a", "m02"), web("b", "m01")];
      await drain(
        clusterOf(pods, [], { replaces: false, replicas: () => replicas }).api,
        "m02",
        lookingBriefly,
      );
    });
  }

  it("waits for the replicas that a workload had, when it now wants more", async () => {
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m01")], [], { replaces: false });
    expect(await messageOf(drain(api, "m02", lookingBriefly))).to.match(
      /^error: m02 is not removed, because its pods did not move within 0\.2 s:\nDeployment shop\/web\nFix: /,
    );
    expect(keeping(calls)).to.equal(1);
  });

  const several = "This pod has more than one PodDisruptionBudget";
  for (const [what, refusal] of [
    ["a PodDisruptionBudget", budget],
    ["several PodDisruptionBudgets", [500, several]],
  ] as const) {
    it(`runs pods again when ${what} never lets a pod go`, async () => {
      const { api, calls } = clusterOf([web("a", "m02"), web("b", "m01")], [], {
        refusals: Array.from({ length: 1000 }, () => refusal),
      });
      const message = await messageOf(drain(api, "m02", lookingBriefly));
      expect(message).to.contain(`Deployment shop/web: ${refusal[1]}\nFix: `);
      expect(keeping(calls)).to.equal(1);
    });
  }

  it("is emptied although the API server does not answer every request", async () => {
    let asked = 0;
    const { api, calls } = clusterOf([web("a", "m02"), web("b", "m01")], [], {
      answers: () => (asked += 1) % 2 === 0,
    });
    await drain(api, "m02", { ...lookingBriefly, moveSeconds: 60, askSeconds: 60 });
    expect(calls.filter((call) => call.startsWith("evict"))).to.have.length(1);
    expect(keeping(calls)).to.equal(0);
  });

  it("runs pods again when the API server stops to list them", async () => {
    let isSilent = false;
    const { api, calls } = clusterOf([web("a", "m02")], [], {
      answers: (request) => {
        isSilent ||= request.startsWith("PATCH");
        return !isSilent || request !== "GET /api/v1/pods";
      },
    });
    const error = await drain(api, "m02", lookingBriefly).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CouldNotAsk);
    expect(keeping(calls)).to.equal(1);
  });

  it("may be gone when its removal is taken back", async () => {
    const { api, calls } = clusterOf([]);
    await keep(api, "m03");
    expect(calls).to.deep.equal([]);
  });
});
