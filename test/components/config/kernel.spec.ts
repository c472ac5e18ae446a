import { expect } from "chai";

import { type Machine, parseMachine } from "../../../components/config/machine.ts";
import { type KernelFacts, unknownKernel } from "../../../kube/kernel.ts";
import { cluster, faultsOf, settingsOf } from "./values.ts";

const kernelWith = (changes: Partial<KernelFacts>) =>
  Object.fromEntries(
    Object.entries({ ...unknownKernel, ...changes }).map(([key, answer]) => [
      key,
      { answer, source: `read ${key}` },
    ]),
  );
const machineWith = (facts: object): Machine => parseMachine(JSON.stringify(facts));
const containers = machineWith({ containerKernel: kernelWith({ ipvs: "no", nftables: "yes" }) });
const virtual = machineWith({ virtualKernel: kernelWith({ nftables: "no" }) });

const inMode = (kubeProxy: unknown, changes: object = {}) => ({
  cluster: cluster({ kubeProxy, ...changes }),
});

describe("kube-proxy's mode", () => {
  it("is iptables, with a scheduler only for IPVS", () => {
    expect(settingsOf().cluster).to.deep.include({ kubeProxy: { mode: "iptables" } });
    expect(settingsOf(inMode({ mode: "ipvs" })).cluster).to.deep.include({
      kubeProxy: { mode: "ipvs", scheduler: "rr" },
    });
    expect(settingsOf(inMode({ mode: "nftables" })).cluster).to.deep.include({
      kubeProxy: { mode: "nftables" },
    });
  });

  it("is refused where the kernel of nodes in containers lacks it", () => {
    expect(faultsOf(inMode({ mode: "ipvs" }), containers)).to.deep.equal([
      'provenet:cluster.kubeProxy.mode: "ipvs": the nodes\' kernel has no IPVS (read ipvs); write nftables or iptables',
    ]);
    expect(faultsOf(inMode({ mode: "nftables" }), containers)).to.deep.equal([]);
    expect(faultsOf(inMode({ mode: "ipvs" }, { driver: "kvm2" }), containers)).to.deep.equal([]);
  });

  it("is refused where the kernel of virtual machines lacks it", () => {
    expect(faultsOf(inMode({ mode: "nftables" }, { driver: "kvm2" }), virtual)).to.have.length(1);
    expect(faultsOf(inMode({ mode: "nftables" }), virtual)).to.deep.equal([]);
  });

  it("is not refused where nothing is known", () => {
    for (const mode of ["ipvs", "nftables"]) expect(faultsOf(inMode({ mode }))).to.deep.equal([]);
  });

  it("needs Kubernetes 1.31 for nftables", () => {
    const [fault] = faultsOf(inMode({ mode: "nftables" }, { kubernetesVersion: "v1.30.9" }));
    expect(fault).to.match(/kubeProxy\.mode: "nftables" needs Kubernetes 1\.31/);
    expect(faultsOf(inMode({ mode: "iptables" }, { kubernetesVersion: "v1.30.9" }))).to.deep.equal(
      [],
    );
    expect(faultsOf(inMode({ mode: "nftables" }, { kubernetesVersion: "v1.31.0" }))).to.deep.equal(
      [],
    );
  });

  it("is refused together with other faults", () => {
    const faults = faultsOf(inMode({ mode: "ipvs" }, { labels: { zone: ["a"] } }), containers);
    expect(faults).to.have.length(2);
  });

  for (const [kubeProxy, reason] of [
    [{ mode: "userspace" }, /kubeProxy.*iptables, ipvs or nftables/],
    [{ mode: "iptables", scheduler: "rr" }, /kubeProxy\.scheduler: .*A scheduler needs mode ipvs/],
    [{ mode: "ipvs", scheduler: "wrr" }, /kubeProxy\.scheduler: .*rr, lc, dh, sh, sed, nq/],
    ["ipvs", /write an object whose mode/],
  ] as const) {
    it(`may not be ${JSON.stringify(kubeProxy)}`, () => {
      expect(faultsOf(inMode(kubeProxy)).join()).to.match(reason);
    });
  }
});

describe("Calico's tunnels", () => {
  it("need VXLAN in the kernel", () => {
    const machine = machineWith({ containerKernel: kernelWith({ vxlan: "no" }) });
    const [fault] = faultsOf({}, machine);
    expect(fault).to.match(/cluster\.driver: "docker": .*no VXLAN.*kvm2/);
    expect(faultsOf({ cluster: cluster({ driver: "kvm2" }) }, machine)).to.deep.equal([]);
  });
});

describe("the nodes' architecture", () => {
  const arm = machineWith({ architecture: "arm64" });
  const calicoOf = (changes: Record<string, unknown>, machine?: Machine) =>
    settingsOf(changes, machine).network.calico.images.node;
  const amd64 = calicoOf({});
  const arm64 = calicoOf({ images: { architecture: "arm64" } });

  it("chooses the images of minikube's nodes by the machine", () => {
    expect(arm64).to.not.equal(amd64);
    expect(calicoOf({}, arm)).to.equal(arm64);
  });

  it("is what the stack says", () => {
    expect(calicoOf({ images: { architecture: "amd64" } }, arm)).to.equal(amd64);
  });

  it("of an existing cluster is not the machine's", () => {
    const { nodeNetwork, podNetwork, serviceNetwork } = cluster();
    const networks = { nodeNetwork, podNetwork, serviceNetwork };
    const existing = { kind: "existing", kubeconfigFile: "k", ...networks };
    expect(calicoOf({ cluster: existing }, arm)).to.equal(amd64);
  });
});
