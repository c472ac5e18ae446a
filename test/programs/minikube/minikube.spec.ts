import { expect } from "chai";
import * as fc from "fast-check";

import { parseEvent, progressLine } from "../../../programs/minikube/events.ts";
import { startArguments } from "../../../programs/minikube/arguments.ts";
import { labelPatch, refuseOtherNetwork } from "../../../programs/minikube/nodes.ts";
import { nodeWith } from "../../support/nodes.ts";
import { clusterRequest } from "../../support/cluster.ts";

const event = (type: string, data: Record<string, string>): string =>
  JSON.stringify({ type: `io.k8s.sigs.minikube.${type}`, data });

describe("minikube's progress", () => {
  const lines: readonly [string, string, string | undefined][] = [
    [
      "a step",
      event("step", { currentstep: "5", totalsteps: "19", message: "Creating" }),
      "minikube 5/19: Creating",
    ],
    ["a warning", event("warning", { message: "careful" }), "minikube warning: careful"],
    [
      "an error that ends minikube",
      event("error", { message: "no", advice: "try", exitcode: "80" }),
      "minikube error: no (try)",
    ],
    ["a hint on standard error", event("error", { message: "a proxy?" }), "minikube: a proxy?"],
    ["information", event("info", { message: "hello" }), "minikube: hello"],
    ["a download that goes on", event("download.progress", { progress: "0.1" }), undefined],
    ["an event without words", event("step", { currentstep: "1" }), undefined],
    ["plain text", "* Done", "minikube: * Done"],
    ["JSON that is no event", "[1]", "minikube: [1]"],
  ];
  for (const [what, line, shown] of lines) {
    it(`shows ${what} as ${shown ?? "nothing"}`, () => {
      expect(progressLine(parseEvent(line))).to.equal(shown);
    });
  }

  it("is read whatever the line", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => void progressLine(parseEvent(line))),
    );
  });
});

describe("minikube's arguments", () => {
  it("say what the cluster is, each in one word", () => {
    expect(startArguments(clusterRequest, false)).to.deep.equal([
      "start",
      "--profile=provenet",
      "--driver=docker",
      "--container-runtime=containerd",
      "--kubernetes-version=v1.34.2",
      "--memory=3072mb",
      "--cpus=2",
      "--cni=false",
      "--network-plugin=cni",
      "--extra-config=kubeadm.pod-network-cidr=10.244.0.0/16",
      "--extra-config=kube-proxy.mode=iptables",
      "--service-cluster-ip-range=10.96.0.0/12",
      "--subnet=192.168.49.0/24",
      "--embed-certs",
      "--interactive=false",
      "--output=json",
    ]);
  });

  it("force it for root alone", () => {
    expect(startArguments(clusterRequest, true)).to.include("--force");
  });

  it("name a subnet only where the driver takes one", () => {
    const words = startArguments({ ...clusterRequest, driver: "kvm2" }, false);
    expect(words.join(" ")).not.to.include("--subnet");
  });
});

describe("nodes", () => {
  it("are refused outside the node network, with the network that the driver chose", () => {
    const nodes = ["192.168.49.2", "192.168.39.7"].map((address) =>
      nodeWith({ name: "n", address }),
    );
    const refuse = (driver: string, count: number) => () => {
      refuseOtherNetwork({ ...clusterRequest, driver }, nodes.slice(0, count));
    };
    expect(refuse("docker", 1)).not.to.throw();
    expect(refuse("docker", 2)).to.throw(/put n at 192\.168\.39\.7, because the network is in use/);
    expect(refuse("kvm2", 2))
      .to.throw(/kvm2 put n at 192\.168\.39\.7, outside 192\.168\.49\.0\/24\. The cluster is kept/)
      .with.property("fix")
      .that.contains("nodeNetwork to 192.168.39.0/24");
  });

  const annotation = "provenet/labels";
  const patches: readonly [
    string,
    Record<string, string>,
    Record<string, string>,
    object | undefined,
  ][] = [
    ["nothing", {}, {}, undefined],
    ["nothing, with another's annotations", {}, { other: "x" }, undefined],
    [
      "new labels",
      { b: "2", a: "1" },
      {},
      { metadata: { labels: { b: "2", a: "1" }, annotations: { [annotation]: "a,b" } } },
    ],
    [
      "fewer labels",
      { a: "1" },
      { [annotation]: "a,b" },
      { metadata: { labels: { b: null, a: "1" }, annotations: { [annotation]: "a" } } },
    ],
    [
      "no labels any more",
      {},
      { [annotation]: "a" },
      { metadata: { labels: { a: null }, annotations: { [annotation]: null } } },
    ],
  ];
  for (const [what, wanted, annotations, patch] of patches) {
    it(`are patched for ${what}`, () => {
      expect(labelPatch(wanted, annotations)).to.deep.equal(patch);
    });
  }
});
