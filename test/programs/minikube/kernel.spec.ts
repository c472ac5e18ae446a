import { release } from "node:os";

import { expect } from "chai";

import { type KernelFindings, kernelLacks, unknownKernel } from "../../../kube/kernel.ts";
import { formatError } from "../../../messages/errors.ts";
import { isoFindings } from "../../../programs/minikube/isoKernel.ts";
import {
  containerFindings,
  readKernelFacts,
  refuseLackingKernel,
} from "../../../programs/minikube/kernel.ts";
import { findingsIn, runningKernel } from "../../../programs/minikube/thisKernel.ts";
import { clusterRequest, enterMachine, type Machine } from "../../support/cluster.ts";

type Answer = "yes" | "no" | "unknown";
const findings = (answer: Answer, changes: Partial<Record<keyof KernelFindings, Answer>> = {}) =>
  Object.fromEntries(
    Object.keys(unknownKernel).map((ability) => [
      ability,
      { answer: changes[ability as keyof KernelFindings] ?? answer, source: `read ${ability}` },
    ]),
  ) as KernelFindings;

describe("what minikube's ISO can do", () => {
  const answersOf = (version: string, architecture?: string) => {
    const found = isoFindings(version, architecture);
    return (
      found && Object.fromEntries(Object.entries(found).map(([key, { answer }]) => [key, answer]))
    );
  };
  const all = { ipvs: "yes", ipip: "yes", vxlan: "yes", nftables: "yes", logLines: "yes" };
  for (const [version, architecture, answers] of [
    ["v1.38.1", "x64", { ...all, nftables: "no" }],
    ["v1.38.1", "arm64", { ...all, nftables: "no", ipip: "no" }],
    ["minikube version: v1.33.0", "x64", { ...all, nftables: "no" }],
    ["v1.39.0", "x64", all],
    ["v1.40.2", "x64", all],
    ["v2.0.0", "x64", all],
    ["v1.32.0", "x64", undefined],
    ["", "x64", undefined],
  ] as const) {
    it(`is known for ${version || "no version"} on ${architecture}, or unknown`, () => {
      expect(answersOf(version, architecture)).to.deep.equal(answers);
    });
  }

  it("names its source", () => {
    expect(isoFindings("v1.38.1")?.nftables.source).to.equal("the ISO of minikube v1.38.1");
  });
});

describe("what the nodes' kernel lacks", () => {
  const keysOf = (mode: "iptables" | "ipvs" | "nftables", found: KernelFindings | undefined) =>
    kernelLacks(mode, found).map(({ key }) => key);
  it("is what is known to be missing, and nothing that is unknown", () => {
    expect(keysOf("ipvs", findings("no"))).to.deep.equal(["kubeProxy.mode", "driver"]);
    expect(keysOf("nftables", findings("yes", { nftables: "no" }))).to.deep.equal([
      "kubeProxy.mode",
    ]);
    expect(keysOf("iptables", findings("no"))).to.deep.equal(["driver"]);
    for (const found of [findings("unknown"), findings("yes"), undefined]) {
      expect(keysOf("ipvs", found)).to.deep.equal([]);
      expect(keysOf("nftables", found)).to.deep.equal([]);
    }
  });

  it("comes with what works instead", () => {
    const [ipvs] = kernelLacks("ipvs", findings("yes", { ipvs: "no" }));
    expect(ipvs).to.include({
      why: "the nodes' kernel has no IPVS (read ipvs)",
      instead: "write nftables or iptables",
    });
    const [both] = kernelLacks("ipvs", findings("yes", { ipvs: "no", nftables: "unknown" }));
    expect(both).to.include({ instead: "write iptables" });
    const [nftables] = kernelLacks("nftables", findings("yes", { nftables: "no" }));
    expect(nftables).to.include({ instead: "write ipvs or iptables" });
  });
});

describe("the kernel of nodes", () => {
  it("in containers is this machine's, and unknown where they run elsewhere", () => {
    expect(containerFindings({}, "linux")).to.deep.equal(findingsIn(runningKernel));
    expect(containerFindings({ DOCKER_HOST: "unix:///run/d.sock" }, "linux")).to.not.equal(
      undefined,
    );
    const elsewhere = [
      [{ DOCKER_HOST: "ssh://other" }, "linux"],
      [{ CONTAINER_HOST: "tcp://192.0.2.1:1" }, "linux"],
      [{}, "darwin"],
    ] as const;
    for (const [variables, platform] of elsewhere) {
      expect(containerFindings(variables, platform)).to.equal(undefined);
    }
  });

  it("is unknown once a node in a container reports another one", async () => {
    const here = { kernelVersion: release() };
    const known = await readKernelFacts(clusterRequest, [here]);
    expect(known.vxlan).to.equal(findingsIn(runningKernel).vxlan.answer);
    const facts = await readKernelFacts(clusterRequest, [here, { kernelVersion: "6.6-other" }]);
    expect(facts).to.deep.equal(unknownKernel);
  });
});

describe("a cluster of virtual machines", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await enterMachine();
  });
  afterEach(() => machine.leave());

  const refusalOf = async (mode: "iptables" | "nftables"): Promise<string> => {
    try {
      await refuseLackingKernel({ ...clusterRequest, driver: "kvm2", kubeProxy: { mode } });
      return "";
    } catch (error) {
      return formatError(error);
    }
  };

  it("is refused before it is started when minikube's ISO lacks what kube-proxy needs", async () => {
    expect(await refusalOf("nftables")).to.equal(
      'error: the nodes of "provenet" cannot run what they should:\n' +
        "  provenet:cluster.kubeProxy.mode: the nodes' kernel lacks nftables (the ISO of minikube v1.38.1)\n" +
        "Fix: write ipvs or iptables in provenet:cluster.kubeProxy.mode\n",
    );
    expect(machine.calls()).to.deep.equal(["version"]);
  });

  it("is accepted in a mode that the ISO has", async () => {
    expect(await refusalOf("iptables")).to.equal("");
  });
});
