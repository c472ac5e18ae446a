import { expect } from "chai";
import { existsSync } from "node:fs";

import { bringUp } from "../../../programs/minikube/bringUp.ts";
import { recordMachines } from "../../../programs/minikube/identity.ts";
import { joinNodes } from "../../../programs/minikube/join.ts";
import { bringDown, sweep } from "../../../programs/minikube/removal.ts";
import { clusterRequest, enterMachine, type Machine } from "../../support/cluster.ts";
import { messageOf } from "./messageOf.ts";

const marker = ".provenet/provenet/cluster-provenet.json";
const cluster = { profile: "provenet", driver: "docker" };

describe("bringing a minikube cluster down", () => {
  let machine: Machine;
  const deletions = () => machine.calls().filter((call) => call.startsWith("delete"));

  beforeEach(async () => {
    machine = await enterMachine();
    await bringUp(clusterRequest, () => undefined);
    await joinNodes(clusterRequest, () => undefined);
    machine.calls();
  });
  afterEach(() => machine.leave());

  it("deletes it with its network and files, and may be repeated", async () => {
    await bringDown(cluster);
    // minikube removes the network of several nodes only in a second call.
    expect(deletions()).to.have.length(2);
    expect(machine.containers()).to.deep.equal([]);
    expect(existsSync(marker)).to.equal(false);
    await bringDown(cluster);
    expect(deletions()).to.deep.equal([]);
  });

  it("deletes a cluster of one node in one call", async () => {
    machine.profile({ nodes: ["first"], containers: "running" });
    await bringDown(cluster);
    expect(deletions()).to.have.length(1);
  });

  it("deletes workers that only Docker knows", async () => {
    machine.profile({ nodes: ["first", "m02", "m03"], containers: "running", broken: true });
    await recordMachines(cluster, machine.containers());
    await bringDown(cluster);
    expect(machine.containers()).to.deep.equal([]);
  });

  it("deletes nothing while Docker does not answer, and keeps the marker", async () => {
    machine.world("docker-is-down", "");
    expect(await messageOf(bringDown(cluster))).to.match(/Cannot connect.*\nFix: start docker/);
    expect(deletions()).to.deep.equal([]);
    expect(existsSync(marker)).to.equal(true);
  });

  it("leaves the machines of a cluster with a longer name", async () => {
    machine.container("provenet-m02-other", "running");
    machine.container("provenet-mine", "running");
    await bringDown(cluster);
    expect(machine.containers()).to.deep.equal(["provenet-m02-other", "provenet-mine"]);
  });

  it("is swept only where this project made it", async () => {
    expect(await sweep(cluster)).to.equal(true);
    machine.profile({ nodes: ["first"], containers: "running" });
    expect(await sweep(cluster)).to.equal(false);
    expect(machine.containers()).to.deep.equal(["provenet"]);
  });
});
