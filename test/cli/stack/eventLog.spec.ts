import { expect } from "chai";

import { formatChanges, parseEventLog, stageOf } from "../../../cli/stack/eventLog.ts";

const urn = (path: string) => `urn:pulumi:dev::provenet::${path}`;
const log = (...events: readonly object[]) =>
  events.map((event) => JSON.stringify(event)).join("\n");
const pre = (timestamp: number, path: string) => ({
  timestamp,
  resourcePreEvent: { metadata: { urn: urn(path) } },
});
const outputs = (timestamp: number, path: string) => ({
  timestamp,
  resOutputsEvent: { metadata: { urn: urn(path) } },
});

describe("the engine's event log", () => {
  const cluster = "provenet:cluster:MinikubeCluster$command:local:Command::cluster-minikube";

  it("tells how long each stage took, from its first to its last event", () => {
    const text = log(
      pre(100, cluster),
      pre(101, "provenet:network:Calico::calico"),
      outputs(140, cluster),
      outputs(170, "provenet:network:Calico$kubernetes:core/v1:ServiceAccount::calico-node"),
    );
    expect(parseEventLog(text).stages).to.deep.equal([
      { stage: "cluster", seconds: 40 },
      { stage: "network", seconds: 69 },
    ]);
  });

  it("counts no stage for what is of none", () => {
    expect(parseEventLog(log(pre(1, "pulumi:pulumi:Stack::provenet-dev"))).stages).to.deep.equal(
      [],
    );
  });

  it("tells each error once and no warning", () => {
    const error = {
      diagnosticEvent: { severity: "error", message: "<{%reset%}>boom<{%reset%}>\n" },
    };
    const text = log(error, error, { diagnosticEvent: { severity: "warning", message: "hm" } });
    expect(parseEventLog(text).errors).to.deep.equal(["boom"]);
  });

  it("tells what was changed", () => {
    const text = log({ summaryEvent: { resourceChanges: { create: 3, same: 1 } } });
    expect(parseEventLog(text).changes).to.deep.equal({ create: 3, same: 1 });
  });

  it("passes over a line that the engine did not finish", () => {
    const text = `${log(pre(1, cluster), outputs(5, cluster))}\n{"timestamp": 9, "resou`;
    expect(parseEventLog(text).stages).to.deep.equal([{ stage: "cluster", seconds: 4 }]);
  });

  it("tells that somebody pressed Ctrl-C", () => {
    const stdoutEvent = { message: "^C received; cancelling. If you would like to …" };
    expect(parseEventLog(log({ stdoutEvent })).canceled).to.equal(true);
    // The engine ends every log with this event.
    expect(parseEventLog(log({ cancelEvent: {} })).canceled).to.equal(false);
  });

  it("is empty when the engine wrote none", () => {
    expect(parseEventLog("")).to.deep.equal({
      ...{ stages: [], changes: {}, errors: [], canceled: false },
    });
  });
});

describe("the stage of a resource", () => {
  it("is that of the component which it is in", () => {
    expect(stageOf(urn("provenet:apps:WebApplication$kubernetes:core/v1:Service::web"))).to.equal(
      "apps",
    );
    expect(stageOf(urn("provenet:apps:WebApplication::web"))).to.equal("apps");
  });

  it("is that of the outermost component where one is in another", () => {
    const nested = "provenet:network:MetalLb$provenet:shared:Thing$kubernetes:core/v1:Secret::x";
    expect(stageOf(urn(nested))).to.equal("network");
  });

  it("is none for a resource outside of all components", () => {
    expect(stageOf(urn("kubernetes:core/v1:Namespace::provenet"))).to.equal(undefined);
  });
});

describe("changes in words", () => {
  it("name what was done and leave out what stayed", () => {
    expect(formatChanges({ create: 3, delete: 1, same: 9 })).to.equal("3 created, 1 deleted");
  });

  it("are no changes when all stayed", () => {
    expect(formatChanges({ same: 9 })).to.equal("no changes");
  });
});
