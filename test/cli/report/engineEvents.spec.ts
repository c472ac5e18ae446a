import { expect } from "chai";

import { clusterSeconds, parseEvents } from "../../../cli/report/engineEvents.ts";

const done = (timestamp: number, path: string, op = "create") => ({
  timestamp,
  resOutputsEvent: { metadata: { op, urn: `urn:pulumi:lab::provenet::${path}` } },
});
const inCluster = "provenet:cluster:MinikubeCluster$command:local:Command::cluster-nodes";

describe("the seconds of the cluster stage", () => {
  const read = (...events: readonly object[]) =>
    clusterSeconds(parseEvents(events.map((event) => `${JSON.stringify(event)}\n`).join("")), 100);

  it("end with its last change, whatever comes later", () => {
    const later = done(190, "provenet:network:Calico$kubernetes:apps/v1:DaemonSet::node");
    expect(read({ timestamp: 101 }, done(120, inCluster), done(150, inCluster), later)).to.equal(
      50,
    );
  });

  it("are unknown when nothing in it changed", () => {
    expect(read(done(150, inCluster, "same"), { timestamp: 160 })).to.equal(undefined);
    expect(read()).to.equal(undefined);
  });
});
