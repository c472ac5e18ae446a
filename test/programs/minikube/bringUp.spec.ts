import { expect } from "chai";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

import { bringUp, resume } from "../../../programs/minikube/bringUp.ts";
import { recordMachines } from "../../../programs/minikube/identity.ts";
import { clusterRequest, enterMachine, type Machine } from "../../support/cluster.ts";
import { messageOf } from "./messageOf.ts";

const kubeconfig = ".provenet/provenet/kubeconfig-provenet";
const marker = ".provenet/provenet/cluster-provenet.json";

describe("bringing a minikube cluster up", () => {
  let machine: Machine;
  const said: string[] = [];
  const up = (changes: Partial<typeof clusterRequest> = {}) =>
    bringUp({ ...clusterRequest, ...changes }, (line) => said.push(line));
  const mark = (state: string) => {
    const now = JSON.parse(readFileSync(marker, "utf8")) as object;
    writeFileSync(marker, JSON.stringify({ ...now, state }));
  };
  const changes = () =>
    machine.calls().filter((call) => ["delete", "start"].includes(call.split(" ")[0] ?? ""));

  beforeEach(async () => {
    said.length = 0;
    machine = await enterMachine();
  });
  afterEach(() => machine.leave());

  it("starts the first node of a new cluster and returns it", async () => {
    const nodes = await up();
    expect(nodes.map(({ name, address }) => `${name} ${address}`)).to.deep.equal([
      "provenet 192.168.49.2",
    ]);
    expect(machine.calls()).to.deep.equal(["profile list", "profile list", "start"]);
    expect(said).to.deep.equal(["minikube 0/19: starting"]);
  });

  it("starts one node, whatever number the user's environment has for minikube", async () => {
    process.env.MINIKUBE_NODES = "3";
    try {
      await up();
    } finally {
      delete process.env.MINIKUBE_NODES;
    }
    expect(machine.read("nodes-variable")).to.equal("1");
  });

  it("sets what IPVS needs, which minikube cannot", async () => {
    await up({ driver: "kvm2", kubeProxy: { mode: "ipvs", scheduler: "rr" } });
    expect(machine.patches.map(({ path }) => path)).to.deep.equal([
      "/api/v1/namespaces/kube-system/configmaps/kube-proxy",
      "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy",
    ]);
  });

  it("is refused before anything is changed when the nodes' kernel lacks kube-proxy's mode", async () => {
    const said = await messageOf(up({ driver: "kvm2", kubeProxy: { mode: "nftables" } }));
    expect(said).to.match(/lacks nftables \(the ISO of minikube v1\.38\.1\)/);
    expect(machine.calls()).to.deep.equal(["version"]);
  });

  it("makes its kubeconfig readable by its owner only", async () => {
    await up();
    expect(statSync(kubeconfig).mode & 0o777).to.equal(0o600);
  });

  it("starts nothing when the cluster runs", async () => {
    await up();
    machine.calls();
    await up();
    expect(machine.calls()).to.deep.equal(["profile list"]);
  });

  it("starts a stopped cluster", async () => {
    await up();
    machine.profile({ nodes: ["first", "m02"], containers: "exited" });
    machine.calls();
    await up();
    expect(changes()).to.deep.equal(["start"]);
  });

  it("leaves a worker without a container to the nodes' command", async () => {
    await up();
    machine.profile({ nodes: ["first", "m02"], containers: "running" });
    machine.container("provenet-m02", undefined);
    machine.calls();
    await up();
    expect(changes()).to.deep.equal([]);
  });

  it("deletes a cluster that failed to start, tries once more and shows the nodes' logs", async () => {
    machine.failStarts(1);
    await up();
    expect(changes()).to.deep.equal(["start", "delete", "start"]);
    expect(said.join("\n"))
      .to.include("kubeadm init timed out (have patience)")
      .and.include("kubelet: something is wrong");
  });

  it("gives up after the second attempt", async () => {
    machine.failStarts(9);
    expect(await messageOf(up())).to.match(/exit code 80\)\nkubeadm init timed out/);
    expect(changes().filter((call) => call === "start")).to.have.length(2);
  });

  it("deletes a cluster whose first start was interrupted", async () => {
    machine.failStarts(9);
    await messageOf(up());
    machine.failStarts(0);
    machine.calls();
    await up();
    expect(changes()).to.deep.equal(["delete", "start"]);
  });

  it("never deletes a cluster that was complete", async () => {
    await up();
    machine.failStarts(1);
    machine.profile({ nodes: ["first", "m02"], containers: "exited" });
    machine.calls();
    expect(await messageOf(up())).to.match(
      /machines are kept.*no reset of the cluster\.\nFix: .*npm run down/,
    );
    expect(changes()).to.deep.equal(["start"]);
  });

  it("refuses a cluster of the same name that this project did not make", async () => {
    machine.profile({ nodes: ["first"], containers: "running" });
    expect(await messageOf(up())).to.match(
      /which this project did not make\nFix: run `minikube delete --profile provenet`/,
    );
    expect(changes()).to.deep.equal([]);
  });

  it("refuses a cluster that took the name of the one that this project made", async () => {
    await up();
    machine.api.uid = "uid-2";
    machine.calls();
    expect(await messageOf(up())).to.match(
      /is another cluster .*its UID is uid-2 instead of uid-1\nFix: /,
    );
    expect(changes()).to.deep.equal([]);
  });

  for (const broken of [false, true]) {
    it(`makes a cluster again whose nodes are gone, ${broken ? "and its record too" : "with its profile"}`, async () => {
      await up();
      machine.profile({ nodes: ["first", "m02"], broken });
      machine.calls();
      await up();
      expect(changes()).to.deep.equal(["delete", "delete", "start"]);
      expect(machine.containers()).to.deep.equal(["provenet"]);
    });

    it(`deletes all of a half-made cluster ${broken ? "whose record is broken" : "with two nodes"}`, async () => {
      await up();
      mark("making");
      machine.profile({ nodes: ["first", "m02"], containers: "running", broken });
      await recordMachines(clusterRequest, machine.containers());
      machine.calls();
      await up();
      expect(machine.containers()).to.deep.equal(["provenet"]);
      expect(changes().filter((call) => call === "start")).to.have.length(1);
    });
  }

  for (const state of ["made", "making"]) {
    it(`deletes nothing of a cluster that is ${state} while Docker does not answer`, async () => {
      await up();
      mark(state);
      machine.world("docker-is-down", "");
      machine.calls();
      expect(await messageOf(up())).to.match(
        /the cluster "provenet" is unknown.*Cannot connect to the Docker daemon.*\nFix: start docker/,
      );
      expect(changes()).to.deep.equal([]);
    });
  }

  it("deletes nothing when another Docker answers", async () => {
    await up();
    machine.profile({ nodes: ["first"] });
    machine.world("daemon", "daemon-2");
    machine.calls();
    expect(await messageOf(up())).to.match(/another Docker daemon answers/);
    expect(changes()).to.deep.equal([]);
  });

  it("refuses a complete cluster whose record is broken, and keeps its containers", async () => {
    await up();
    machine.profile({ nodes: ["first", "m02"], containers: "running", broken: true });
    await recordMachines(clusterRequest, machine.containers());
    expect(await messageOf(up())).to.match(
      /cannot read its profile "provenet", but provenet, provenet-m02 exists\nFix: restore/,
    );
    expect(machine.containers()).to.have.length(2);
  });

  it("refuses a complete cluster whose control plane alone is gone", async () => {
    await up();
    machine.profile({ nodes: ["first", "m02"], containers: "running" });
    machine.container("provenet", undefined);
    expect(await messageOf(up())).to.match(
      /the control plane of "provenet" is gone, but provenet-m02 exists\nFix: run `npm run down`/,
    );
    expect(machine.containers()).to.deep.equal(["provenet-m02"]);
  });

  it("refuses a cluster in another network and deletes nothing", async () => {
    machine.api.network = "192.168.58";
    expect(await messageOf(up())).to.match(
      /did not use 192\.168\.49\.0\/24 but put provenet at 192\.168\.58\.2.*\nFix: .*change provenet:cluster\.nodeNetwork/,
    );
    expect(changes()).to.deep.equal(["start"]);
    machine.api.network = "192.168.49";
    await up();
    expect(changes()).to.deep.equal(["delete", "start"]);
  });

  it("names what minikube printed in place of an answer", async () => {
    const event = '{"type":"io.k8s.sigs.minikube.error","data":{"message":"no control plane"}}';
    for (const [printed, named] of [
      ["echo no permission >&2", "no permission"],
      [`echo '${event}'`, "no control plane"],
      ["echo null", "null"],
      [`echo '{"error":{}}'`, '{"error":{}}'],
    ] as const) {
      rmSync("minikube");
      writeFileSync("minikube", `#!/bin/sh\n${printed}\nexit 3\n`, { mode: 0o755 });
      const message = await messageOf(up());
      expect(message).to.contain(`minikube profile gave no answer (exit code 3): ${named}`);
      expect(message).to.match(/\nFix: run `minikube profile list --light` by hand/);
    }
  });

  it("reports that minikube is not installed", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nonexistent";
    try {
      expect(await messageOf(up())).to.match(/minikube is not on PATH\nFix: run `npm run doctor`/);
    } finally {
      process.env.PATH = path;
    }
  });

  it("resumes a stopped cluster without an answer of its API server", async () => {
    await up();
    machine.calls();
    machine.kubeconfig("{}");
    await resume(clusterRequest, () => undefined);
    expect(machine.calls()).to.deep.equal(["profile list", "start"]);
    expect(existsSync(kubeconfig)).to.equal(true);
  });

  it("ignores a truncated marker", async () => {
    await up();
    writeFileSync(marker, "{");
    expect(await messageOf(up())).to.match(/this project did not make/);
  });
});
