import { rmSync, statSync, writeFileSync } from "node:fs";

import { expect } from "chai";

import { bringUp } from "../../../programs/minikube/bringUp.ts";
import { filesOf, readMarker, writeMarker } from "../../../programs/minikube/files.ts";
import { findCluster } from "../../../programs/minikube/finding.ts";
import { updateContext } from "../../../programs/minikube/minikube.ts";
import { messageOf } from "./messageOf.ts";
import {
  clusterRequest,
  enterMachine,
  kubeconfigText,
  type Machine,
} from "../../support/cluster.ts";

const urn = (role: string): string =>
  `urn:pulumi:dev::provenet::provenet:cluster:MinikubeCluster$command:local:Command::cluster-${role}`;

/** What `pulumi stack export` gives of a cluster with that UID. */
function exported(uid = "uid-1"): object {
  const environment = { PROVENET_CLUSTER: JSON.stringify(clusterRequest) };
  const type = "command:local:Command";
  const provider = "pulumi:providers:kubernetes";
  return {
    version: 3,
    deployment: {
      resources: [
        {
          urn: "urn:pulumi:dev::provenet::pulumi:pulumi:Stack::provenet-dev",
          type: "pulumi:pulumi:Stack",
        },
        { urn: urn("minikube"), type, inputs: { environment }, outputs: { environment } },
        {
          urn: urn("provider").replace(type, provider),
          type: provider,
          inputs: { clusterIdentifier: uid },
        },
      ],
    },
  };
}

describe("the cluster of a stack's state", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await enterMachine();
    await bringUp(clusterRequest, () => undefined);
  });
  afterEach(() => machine.leave());

  it("finds none in an empty state", async () => {
    expect(await findCluster({ version: 3, deployment: {} })).to.deep.equal({
      schemaVersion: 1,
      state: "none",
    });
  });

  it("finds it running", async () => {
    const finding = await findCluster(exported());
    expect(finding).to.deep.equal({
      schemaVersion: 1,
      state: "running",
      urn: urn("minikube"),
      settings: clusterRequest,
    });
  });

  it("finds it stopped", async () => {
    machine.profile({ nodes: ["first"], containers: "exited" });
    expect((await findCluster(exported())).state).to.equal("stopped");
  });

  const losses: readonly [string, (machine: Machine) => void, RegExp][] = [
    [
      "it was deleted",
      (it) => {
        it.profile(undefined);
      },
      /has no cluster "provenet"/,
    ],
    [
      "its nodes were deleted",
      (it) => {
        it.profile({ nodes: ["first", "m02"] });
      },
      /do not exist/,
    ],
    [
      "another profile took its name and is stopped",
      (it) => {
        it.profile({ nodes: ["first"], containers: "exited", uuid: "" });
      },
      /was replaced by another cluster \(minikube's profile was created by somebody else\)/,
    ],
    [
      "another took its name",
      (it) => {
        it.api.uid = "uid-2";
      },
      /was replaced by another cluster \(its UID is uid-2 instead of uid-1\)/,
    ],
  ];
  for (const [what, lose, why] of losses) {
    it(`finds it lost when ${what}`, async () => {
      lose(machine);
      const finding = await findCluster(exported());
      if (finding.state !== "lost") throw new Error(`it is ${finding.state}`);
      expect(finding.urn).to.equal(urn("minikube"));
      expect(finding.why).to.match(why);
    });
  }

  it("does not call it lost while Docker does not answer, or while a node is left", async () => {
    machine.world("docker-is-down", "");
    expect(await messageOf(findCluster(exported()))).to.match(/is unknown.*\nFix: start docker/);
    machine.withoutProfiles();
    expect(await messageOf(findCluster(exported()))).to.match(/is unknown.*\nFix: start docker/);
    machine.world("docker-is-down", undefined);
    expect(await messageOf(findCluster(exported()))).to.match(/no profile.*but provenet exists/);
    machine.profile({ nodes: ["first", "m02"], containers: "running" });
    machine.container("provenet", undefined);
    expect(await messageOf(findCluster(exported()))).to.match(/but provenet-m02 exists\nFix: /);
  });

  it("reports a running cluster as unreachable until its kubeconfig is written again", async () => {
    const { kubeconfig } = filesOf(clusterRequest);
    const lose: readonly (() => void)[] = [
      () => {
        rmSync(kubeconfig);
      },
      () => {
        writeFileSync(kubeconfig, kubeconfigText("http://127.0.0.1:1"));
      },
    ];
    for (const each of lose) {
      each();
      expect((await findCluster(exported())).state).to.equal("unreachable");
      await updateContext(clusterRequest);
      expect((await findCluster(exported())).state).to.equal("running");
      expect(statSync(kubeconfig).mode & 0o777).to.equal(0o600);
    }
  });

  it("finds it lost when only the state knows the UID that it had", async () => {
    const files = filesOf(clusterRequest);
    const { profile = "", state = "made", token = "" } = readMarker(files) ?? {};
    writeMarker(files, { profile, state, token });
    expect((await findCluster(exported("uid-0"))).state).to.equal("lost");
    expect((await findCluster(exported())).state).to.equal("running");
  });
});
