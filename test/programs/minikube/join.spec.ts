import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

import { expect } from "chai";

import { bringUp } from "../../../programs/minikube/bringUp.ts";
import { filesOf, readMarker, writeMarker } from "../../../programs/minikube/files.ts";
import { joinNodes } from "../../../programs/minikube/join.ts";
import { clusterRequest, enterMachine, type Machine } from "../../support/cluster.ts";
import { messageOf } from "./messageOf.ts";

describe("the nodes of a minikube cluster", () => {
  let machine: Machine;
  const said: string[] = [];
  const join = (changes: Partial<typeof clusterRequest> = {}) =>
    joinNodes({ ...clusterRequest, ...changes }, (line) => said.push(line));
  const changes = () => machine.calls().filter((call) => /^(node|start|delete)/.test(call));

  beforeEach(async () => {
    said.length = 0;
    machine = await enterMachine();
    await bringUp(clusterRequest, () => undefined);
    machine.calls();
  });
  afterEach(() => machine.leave());

  it("join until their number is the requested one", async () => {
    const nodes = await join({ nodes: 3 });
    expect(nodes.map(({ name, address }) => `${name} ${address}`)).to.deep.equal([
      "provenet 192.168.49.2",
      "provenet-m02 192.168.49.3",
      "provenet-m03 192.168.49.4",
    ]);
    expect(changes()).to.deep.equal(["node add", "node add"]);
    await join({ nodes: 3 });
    expect(changes()).to.deep.equal([]);
  });

  it("have the memory of the first", async () => {
    await join();
    expect(machine.read("memory")).to.equal("3072mb");
  });

  it("leave, the last first", async () => {
    await join({ nodes: 4 });
    machine.calls();
    expect(await join({ nodes: 2 })).to.have.length(2);
    expect(changes()).to.deep.equal(["node delete m04", "node delete m03"]);
  });

  it("have labels, each its own value", async () => {
    await join({ labels: { "topology.kubernetes.io/zone": ["a", "b"] } });
    expect(machine.patches.map(({ path }) => path)).to.deep.equal([
      "/api/v1/nodes/provenet",
      "/api/v1/nodes/provenet-m02",
    ]);
    expect(machine.patches[1]?.patch).to.deep.equal({
      metadata: {
        labels: { "topology.kubernetes.io/zone": "b" },
        annotations: { "provenet/labels": "topology.kubernetes.io/zone" },
      },
    });
  });

  it("are made again when their making was interrupted before there was a machine", async () => {
    machine.profile({ nodes: ["first", "m02"], containers: "running" });
    machine.container("provenet-m02", undefined);
    machine.joined("provenet-m02", false);
    expect(await join()).to.have.length(2);
    expect(changes()).to.deep.equal(["delete", "start"]);
    expect(said).to.include("provenet-m02 has no machine, so it is made again");
  });

  it("are made again when their making was interrupted before they joined", async () => {
    machine.profile({ nodes: ["first", "m02"], containers: "running" });
    machine.joined("provenet-m02", false);
    expect(await join()).to.have.length(2);
    expect(changes()).to.deep.equal(["delete", "start"]);
    expect(said).to.include("provenet-m02 is not a node of the cluster, so it is made again");
  });

  it("are made again, under the same name, when their machine was deleted", async () => {
    await join();
    machine.container("provenet-m02", undefined);
    expect(await join()).to.have.length(2);
    expect(machine.containers()).to.deep.equal(["provenet", "provenet-m02"]);
    expect(machine.deleted).to.deep.equal(["/api/v1/nodes/provenet-m02"]);
  });

  it("end the run with the kubelet's last lines when one does not join, and the next run repairs it", async () => {
    machine.world("never-join", "");
    expect(await messageOf(join())).to.match(
      /^error: node 2 of 2 did not join: minikube node add failed.*\n.*error joining worker node\nkubelet: failed to run Kubelet\nFix: /,
    );
    machine.joined("provenet-m02", false);
    machine.world("never-join", undefined);
    expect(await join()).to.have.length(2);
  });

  it("are kept while Docker does not answer", async () => {
    await join();
    machine.calls();
    machine.world("docker-is-down", "");
    expect(await messageOf(join())).to.match(/is unknown.*\nFix: start docker/);
    expect(changes()).to.deep.equal([]);
  });

  it("lose their pods before they leave", async () => {
    await join();
    expect(machine.patches).to.deep.equal([]);
    await join({ nodes: 1 });
    expect(machine.patches[0]).to.deep.equal({
      path: "/api/v1/nodes/provenet-m02",
      patch: {
        metadata: { annotations: { "provenet/removing": "true" } },
        spec: { unschedulable: true },
      },
    });
  });

  it("stay with a pod that nothing creates again", async () => {
    await join();
    machine.calls();
    machine.api.pods = [
      { metadata: { name: "a", namespace: "b" }, spec: { nodeName: "provenet-m02" }, status: {} },
    ];
    expect(await messageOf(join({ nodes: 1 }))).to.contain("which nothing creates again");
    expect(changes()).to.deep.equal([]);
    expect(machine.patches).to.deep.equal([]);
  });

  it("run pods again when they are no longer to leave", async () => {
    await join();
    machine.api.annotations = { "provenet/removing": "true" };
    await join();
    expect(machine.patches.map(({ path }) => path)).to.deep.equal([
      "/api/v1/nodes/provenet",
      "/api/v1/nodes/provenet-m02",
    ]);
    expect(machine.patches[0]?.patch).to.have.nested.property("spec.unschedulable", null);
  });

  it("are waited for until they are Ready", async () => {
    await join();
    machine.api.unreadyLooks = 6;
    await join();
    expect(said).to.include("waiting until provenet-m02 is Ready");
    expect(machine.api.unreadyLooks).to.equal(0);
  });

  it("wait for the API server", async () => {
    machine.api.unavailable = 2;
    expect(await join()).to.have.length(2);
  });

  it("stay as they are in a cluster that somebody else made under the same name", async () => {
    await join({ nodes: 3 });
    machine.calls();
    const foreign: readonly (() => void)[] = [
      () => {
        machine.profile({ nodes: ["first", "m02", "m03"], containers: "running", uuid: "other" });
      },
      () => {
        machine.api.uid = "uid-of-another";
      },
    ];
    for (const take of foreign) {
      take();
      expect(await messageOf(join({ nodes: 2 }))).to.match(/is another cluster than the one/);
      expect(changes()).to.deep.equal([]);
    }
  });

  it("are refused in another network", async () => {
    machine.api.network = "192.168.58";
    expect(await messageOf(join())).to.match(/did not use 192\.168\.49\.0\/24/);
  });

  it("are not made again to leave, when their removal was killed after they left the API", async () => {
    await join({ nodes: 3 });
    machine.joined("provenet-m03", false);
    machine.calls();
    expect(await join()).to.have.length(2);
    expect(changes()).to.deep.equal(["node delete m03"]);
    expect(machine.containers()).to.deep.equal(["provenet", "provenet-m02"]);
  });

  it("have kube-proxy's settings when they are made again", async () => {
    await join();
    machine.container("provenet-m02", undefined);
    await join({ kubeProxy: { mode: "ipvs", scheduler: "rr" } });
    expect(machine.patches.map(({ path }) => path)).to.deep.equal([
      "/api/v1/namespaces/kube-system/configmaps/kube-proxy",
      "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy",
    ]);
  });

  it("are added again in place of a start of all virtual machines", async () => {
    await join();
    machine.joined("provenet-m02", false);
    machine.calls();
    const { MINIKUBE_HOME: before } = process.env;
    const home = resolve(".minikube");
    for (const name of machine.containers()) {
      mkdirSync(`${home}/machines/${name}`, { recursive: true });
    }
    process.env.MINIKUBE_HOME = process.env.RECORDS = home;
    // A virtual machine has no container's id.
    const files = filesOf(clusterRequest);
    const { profile = "", state = "made", token = "" } = readMarker(files) ?? {};
    writeMarker(files, { profile, state, token });
    try {
      expect(await join({ driver: "kvm2" })).to.have.length(2);
    } finally {
      delete process.env.RECORDS;
      delete process.env.MINIKUBE_HOME;
      if (before !== undefined) process.env.MINIKUBE_HOME = before;
    }
    expect(changes()).to.deep.equal(["node delete m02", "node add"]);
  });
});
