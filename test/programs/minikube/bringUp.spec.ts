import { expect } from "chai";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";

import { formatError, UserError } from "../../../messages/errors.ts";
import { bringDown, bringUp, resume } from "../../../programs/minikube/bringUp.ts";
import { clusterRequest, enterMachine, type Machine } from "../../support/cluster.ts";

const kubeconfig = ".provenet/provenet/kubeconfig-provenet";
const marker = ".provenet/provenet/cluster-provenet.json";
/** minikube removes the network of several nodes only in a second call. */
const deleted = ["delete", "delete"];

/** The error as users see it. */
async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(UserError);
    return formatError(error);
  }
  throw new Error("nothing was thrown");
}

describe("bringing a minikube cluster up", () => {
  let machine: Machine;
  const said: string[] = [];
  const up = (changes: Partial<typeof clusterRequest> = {}) =>
    bringUp({ ...clusterRequest, ...changes }, (line) => said.push(line));

  beforeEach(async () => {
    said.length = 0;
    machine = await enterMachine();
  });
  afterEach(() => machine.leave());

  it("starts a new cluster and returns its nodes", async () => {
    const nodes = await up();
    expect(nodes.map(({ name, address }) => `${name} ${address}`)).to.deep.equal([
      "provenet 192.168.49.2",
      "provenet-m02 192.168.49.3",
    ]);
    expect(machine.calls()).to.deep.equal(["profile list", "start", "profile list"]);
    expect(said).to.deep.equal(["minikube 0/19: starting"]);
  });

  it("makes its kubeconfig readable by its owner only", async () => {
    await up();
    expect(statSync(kubeconfig).mode & 0o777).to.equal(0o600);
  });

  it("starts nothing when the cluster runs", async () => {
    await up();
    machine.calls();
    await up();
    expect(machine.calls()).to.deep.equal(["profile list", "status", "profile list"]);
  });

  it("starts a stopped cluster", async () => {
    await up();
    machine.profile({ nodes: ["first", "m02"], host: "Stopped" });
    machine.calls();
    await up();
    expect(machine.calls()).to.include("start");
  });

  it("adds and deletes nodes, the last first", async () => {
    await up();
    machine.calls();
    expect(await up({ nodes: 4 })).to.have.length(4);
    expect(machine.calls().filter((call) => call.startsWith("node"))).to.deep.equal([
      "node add",
      "node add",
    ]);
    expect(await up({ nodes: 2 })).to.have.length(2);
    expect(machine.calls().filter((call) => call.startsWith("node"))).to.deep.equal([
      "node delete m04",
      "node delete m03",
    ]);
  });

  it("labels each node with its own values", async () => {
    await up({ labels: { "topology.kubernetes.io/zone": ["a", "b"] } });
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

  it("deletes a cluster that failed to start, tries once more and shows the nodes' logs", async () => {
    machine.failStarts(1);
    await up();
    expect(machine.calls()).to.deep.equal([
      "profile list",
      "start",
      "logs",
      ...deleted,
      "start",
      "profile list",
    ]);
    expect(said.join("\n"))
      .to.include("kubeadm init timed out (have patience)")
      .and.include("kubelet: something is wrong");
  });

  it("gives up after the second attempt", async () => {
    machine.failStarts(9);
    expect(await messageOf(up())).to.match(/exit code 80\)\nkubeadm init timed out/);
    expect(machine.calls().filter((call) => call === "start")).to.have.length(2);
  });

  it("may delete a cluster whose first start was interrupted", async () => {
    machine.failStarts(9);
    await messageOf(up());
    machine.failStarts(1);
    machine.calls();
    await up();
    expect(machine.calls()).to.include("delete");
  });

  it("never deletes a cluster that was complete", async () => {
    await up();
    machine.failStarts(1);
    machine.profile({ nodes: ["first", "m02"], host: "Stopped" });
    machine.calls();
    expect(await messageOf(up())).to.match(/data is untouched\.\nFix: .*npm run down/);
    expect(machine.calls()).not.to.include("delete");
  });

  it("refuses a cluster of the same name that this project did not make", async () => {
    machine.profile({ nodes: ["first"], host: "Running" });
    expect(await messageOf(up())).to.match(
      /which this project did not make\nFix: run `minikube delete --profile provenet`/,
    );
    expect(machine.calls()).to.deep.equal(["profile list"]);
  });

  it("deletes a cluster of one node in one call", async () => {
    await up({ nodes: 1 });
    machine.calls();
    await bringDown({ ...clusterRequest, nodes: 1 });
    expect(machine.calls()).to.deep.equal(["profile list", "delete"]);
  });

  for (const [what, profile] of [
    ["whose nodes are gone", { nodes: ["first", "m02"], host: "Nonexistent" }],
    ["whose record is broken", { nodes: [], host: "", broken: true }],
  ] as const) {
    it(`deletes the profile of a cluster ${what}`, async () => {
      await up();
      machine.profile({ ...profile, nodes: [...profile.nodes] });
      machine.calls();
      await up();
      expect(machine.calls().filter((call) => ["delete", "start"].includes(call))).to.deep.equal([
        ...deleted,
        "start",
      ]);
    });
  }

  it("deletes a cluster whose first start was stopped before there was a container", async () => {
    await up();
    writeFileSync(marker, JSON.stringify({ profile: "provenet", state: "making" }));
    machine.profile({ nodes: ["first", "m02"], host: "unreadable" });
    machine.calls();
    await up();
    expect(machine.calls().filter((call) => ["delete", "start"].includes(call))).to.deep.equal([
      ...deleted,
      "start",
    ]);
  });

  it("keeps a complete cluster whose state minikube cannot tell", async () => {
    await up();
    machine.profile({ nodes: ["first", "m02"], host: "unreadable" });
    machine.calls();
    expect(await messageOf(up())).to.match(
      /^error: minikube cannot tell the state of the cluster "provenet"\nFix: check that Docker answers/,
    );
    expect(machine.calls()).to.not.include("delete");
  });

  it("refuses a cluster in another network and deletes it", async () => {
    machine.api.network = "192.168.58";
    expect(await messageOf(up())).to.match(
      /did not use 192\.168\.49\.0\/24 but put provenet at 192\.168\.58\.2.*\nFix: .*change provenet:cluster\.nodeNetwork/,
    );
    expect(machine.calls().at(-1)).to.equal("delete");
    expect(existsSync(kubeconfig)).to.equal(false);
  });

  it("refuses a complete cluster that is in another network now, and keeps it", async () => {
    await up();
    machine.api.network = "192.168.58";
    machine.calls();
    expect(await messageOf(up())).to.match(/did not use 192\.168\.49\.0\/24/);
    expect(machine.calls()).to.not.include("delete");
    expect(existsSync(kubeconfig)).to.equal(true);
  });

  it("shows minikube's output when it is not JSON", async () => {
    rmSync("minikube");
    writeFileSync("minikube", "#!/bin/sh\necho 'no permission' >&2\nexit 3\n", { mode: 0o755 });
    expect(await messageOf(up())).to.contain(
      "minikube profile printed no JSON (exit code 3): no permission",
    );
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

  it("resumes a stopped cluster without a request to its API server", async () => {
    await up();
    machine.calls();
    machine.kubeconfig("{}");
    await resume(clusterRequest, () => undefined);
    expect(machine.calls()).to.deep.equal(["start"]);
  });

  it("deletes the cluster with its files, and may be repeated", async () => {
    await up();
    machine.calls();
    await bringDown(clusterRequest);
    expect(machine.calls()).to.deep.equal(["profile list", ...deleted]);
    expect(existsSync(kubeconfig)).to.equal(false);
    await bringDown(clusterRequest);
    expect(machine.calls()).to.deep.equal(["profile list"]);
  });

  it("ignores a truncated marker", async () => {
    await up();
    writeFileSync(".provenet/provenet/cluster-provenet.json", "{");
    expect(await messageOf(up())).to.match(/this project did not make/);
  });
});
