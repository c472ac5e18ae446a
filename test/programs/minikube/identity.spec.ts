import { expect } from "chai";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import { bringUp, resume } from "../../../programs/minikube/bringUp.ts";
import { bringDown, sweep } from "../../../programs/minikube/removal.ts";
import { clusterRequest, enterMachine, type Machine } from "../../support/cluster.ts";
import { messageOf } from "./messageOf.ts";

const marker = ".provenet/provenet/cluster-provenet.json";
const cluster = { profile: "provenet", driver: "docker" };
const ignore = () => undefined;

describe("a minikube cluster's identity", () => {
  let machine: Machine;
  const up = () => bringUp(clusterRequest, ignore);
  const changes = () =>
    machine.calls().filter((call) => ["delete", "start"].includes(call.split(" ")[0] ?? ""));
  const mark = (change: object) => {
    const now = JSON.parse(readFileSync(marker, "utf8")) as object;
    writeFileSync(marker, JSON.stringify({ ...now, ...change }));
  };
  /** Leaves a marker as versions without identities wrote it. */
  const age = (change: object = {}) => {
    mark({ token: undefined, machines: undefined, ...change });
  };

  beforeEach(async () => {
    machine = await enterMachine();
  });
  afterEach(() => machine.leave());

  it("is not assumed of a container without any profile", async () => {
    machine.withoutProfiles();
    machine.container("provenet", "running");
    expect(await messageOf(up())).to.match(/this project did not make\nFix: run `minikube delete/);
    expect(await messageOf(bringDown(cluster))).to.match(/this project did not make\nFix: /);
    expect(changes()).to.deep.equal([]);
  });

  it("does not let a cluster be created over its own containers without a profile", async () => {
    await up();
    machine.withoutProfiles();
    machine.calls();
    expect(await messageOf(up())).to.match(
      /no profile "provenet", but provenet exists\nFix: .*HOME/,
    );
    expect(changes()).to.deep.equal([]);
    await bringDown(cluster);
    expect(machine.containers()).to.deep.equal([]);
  });

  it("does not let a cluster be created while Docker does not answer", async () => {
    machine.withoutProfiles();
    machine.world("docker-is-down", "");
    expect(await messageOf(up())).to.match(/is unknown.*\nFix: start docker/);
    expect(changes()).to.deep.equal([]);
  });

  const others: readonly [string, (machine: Machine) => void, RegExp][] = [
    [
      "whose UID differs",
      (it) => {
        it.api.uid = "uid-2";
      },
      /its UID is uid-2 instead of uid-1/,
    ],
    [
      "whose container differs",
      (it) => {
        it.id("provenet", "another");
      },
      /provenet is not the machine that this project made/,
    ],
    [
      "whose profile differs",
      (it) => {
        it.profile({ nodes: ["first"], containers: "exited", uuid: "" });
      },
      /profile was created by somebody else/,
    ],
  ];
  for (const [what, replace, why] of others) {
    it(`keeps a cluster ${what} from being deleted and started`, async () => {
      await up();
      replace(machine);
      machine.calls();
      for (const attempt of [up, () => bringDown(cluster), () => resume(clusterRequest, ignore)]) {
        expect(await messageOf(attempt()))
          .to.match(why)
          .and.match(/\nFix: .*minikube delete/);
      }
      expect(changes()).to.deep.equal([]);
      expect(existsSync(marker)).to.equal(true);
    });
  }

  it("keeps somebody else's later cluster after an interrupted start", async () => {
    machine.failStarts(9);
    await messageOf(up());
    machine.profile({ nodes: ["first"], containers: "running", uuid: "" });
    machine.calls();
    for (const attempt of [up, () => sweep(cluster)]) {
      expect(await messageOf(attempt())).to.match(/created by somebody else/);
    }
    expect(changes()).to.deep.equal([]);
  });

  it("lets an interrupted start be deleted whose container was not recorded", async () => {
    machine.failStarts(9);
    await messageOf(up());
    mark({ machines: undefined });
    machine.calls();
    await bringDown(cluster);
    expect(machine.containers()).to.deep.equal([]);
  });

  it("is not that of the same names in another Docker", async () => {
    await up();
    machine.world("daemon", "daemon-2");
    machine.calls();
    expect(await messageOf(bringDown(cluster))).to.match(/another Docker daemon.*\nFix: select/);
    expect(changes()).to.deep.equal([]);
  });

  it("is forgotten after Docker was reset and the profile deleted", async () => {
    await up();
    machine.profile({ nodes: ["first"] });
    machine.world("daemon", "daemon-2");
    expect(await messageOf(sweep(cluster))).to.match(
      /another Docker daemon.*\nFix: .*reset, run `minikube delete --profile provenet`/,
    );
    machine.profile(undefined);
    expect(await sweep(cluster)).to.equal(true);
    expect(existsSync(marker)).to.equal(false);
  });

  it("is not that of another profile with the name of a worker", async () => {
    await up();
    machine.neighbour("provenet-m02");
    await bringDown(cluster);
    expect(machine.containers()).to.deep.equal(["provenet-m02"]);
  });

  it("of an older version is its UID, and up records more", async () => {
    await up();
    age();
    await up();
    expect(JSON.parse(readFileSync(marker, "utf8"))).to.have.property("machines");
    age();
    await bringDown(cluster);
    expect(machine.containers()).to.deep.equal([]);
  });

  it("of an older version is unknown while its cluster is stopped, which may be started", async () => {
    await up();
    age();
    machine.container("provenet", "exited");
    expect(await messageOf(bringDown(cluster))).to.match(/older version.*\nFix: run `minikube del/);
    age({ state: "making", uid: undefined });
    expect(await messageOf(up())).to.match(/older version.*Nothing was deleted\nFix: /);
    age({ state: "made", uid: "uid-1" });
    machine.calls();
    await up();
    expect(changes()).to.deep.equal(["start"]);
  });

  it("is lost when minikube resets the control plane", async () => {
    await up();
    machine.container("provenet", "exited");
    machine.world("resets", "");
    machine.failStarts(1);
    for (const attempt of [up, () => resume(clusterRequest, ignore), up]) {
      machine.container("provenet", "exited");
      expect(await messageOf(attempt())).to.match(/reset it, so the cluster's data is lost/);
    }
  });

  it("differs after a start that changed the UID", async () => {
    await up();
    machine.container("provenet", "exited");
    machine.api.uid = "uid-2";
    expect(await messageOf(resume(clusterRequest, ignore))).to.match(
      /UID uid-2.*minikube reset it/,
    );
  });

  it("is kept for a virtual machine outside the configured network", async () => {
    const request = { ...clusterRequest, driver: "kvm2" };
    machine.api.network = "192.168.39";
    expect(await messageOf(bringUp(request, ignore))).to.match(/The cluster is kept\nFix: set/);
    machine.container("provenet", "running");
    machine.calls();
    await bringUp({ ...request, nodeNetwork: "192.168.39.0/24" }, ignore);
    expect(changes()).to.deep.equal([]);
  });

  it("names the way out for a virtual machine that was never defined", async () => {
    const request = { ...clusterRequest, driver: "kvm2" };
    machine.failStarts(9);
    await messageOf(bringUp(request, ignore));
    for (const attempt of [() => bringUp(request, ignore), () => bringDown(request)]) {
      expect(await messageOf(attempt())).to.match(/unknown.*\nFix: run `minikube delete --prof/);
    }
  });

  for (const [what, rootless, asked] of [
    ["with sudo", "", "sudo -n podman"],
    ["itself when it is rootless", "true", "podman"],
  ] as const) {
    it(`is read from podman ${what}`, async () => {
      for (const name of ["sudo", "podman"]) {
        writeFileSync(name, `#!/bin/sh\necho "${name} $*" >> asked\n`, { mode: 0o755 });
      }
      rmSync("docker");
      const getuid = process.getuid?.bind(process);
      process.getuid = () => 1000;
      process.env.MINIKUBE_ROOTLESS = rootless;
      try {
        await bringDown({ ...cluster, driver: "podman" });
      } finally {
        delete process.env.MINIKUBE_ROOTLESS;
        if (getuid) process.getuid = getuid;
      }
      const calls = readFileSync("asked", "utf8").trim().split("\n");
      expect(calls.map((call) => call.split(" container")[0])).to.satisfy((all: string[]) =>
        all.every((call) => call === asked),
      );
    });
  }
});
