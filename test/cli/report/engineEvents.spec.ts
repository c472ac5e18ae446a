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

  it("are whole, and never negative", () => {
    const events = parseEvents(`${JSON.stringify(done(150, inCluster))}\n`);
    expect(clusterSeconds(events, 102.6)).to.equal(47);
    expect(clusterSeconds(events, 150.4)).to.equal(0);
  });

  it("count a replacement and a change", () => {
    expect(read(done(130, inCluster, "create-replacement"))).to.equal(30);
    expect(read(done(140, inCluster, "update"))).to.equal(40);
  });

  it("are unknown when nothing in it changed", () => {
    for (const op of ["same", "refresh", "delete-replaced"]) {
      expect(read(done(150, inCluster, op), { timestamp: 160 }), op).to.equal(undefined);
    }
    expect(read()).to.equal(undefined);
  });
});
