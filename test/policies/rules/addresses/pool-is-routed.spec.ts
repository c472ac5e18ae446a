import { expect } from "chai";

import { poolIsRouted as rule } from "../../../../policies/rules/addresses/pool-is-routed.ts";
import { unknown, violationsOf, type Subject } from "../../support.ts";

const pool = (...addresses: unknown[]): Subject => ({
  type: "kubernetes:metallb.io/v1beta1:IPAddressPool",
  name: "home",
  props: { spec: { addresses } },
});
const facts = {
  kind: "minikube",
  nodeNetwork: "192.168.49.0/24",
  podNetwork: "10.244.0.0/16",
  serviceNetwork: "10.96.0.0/12",
};
const cluster = (props: Record<string, unknown> = facts): Subject => ({
  type: "provenet:cluster:MinikubeCluster",
  name: "cluster",
  props,
});
const route: Subject = {
  type: "provenet:network:HostRoute",
  name: "route",
  props: { to: "172.17.255.0/24" },
};
const run = async (subjects: readonly Subject[], configuration = {}) =>
  (await violationsOf(rule, subjects, configuration)).map(({ message }) => message);

describe("pool-is-routed", () => {
  it("accepts a pool in the node network", async () => {
    const inside = pool("192.168.49.200-192.168.49.239", "192.168.49.240/28");
    expect(await run([inside, cluster()])).to.deep.equal([]);
  });

  it("accepts a pool outside the node network only with a route", async () => {
    const foreign = pool("172.17.255.0/24");
    expect(await run([foreign, cluster(), route])).to.deep.equal([]);
    expect(await run([foreign, cluster()])).to.deep.equal([
      "spec.addresses[0]: 172.17.255.0/24 is in no network that clients have a route to. Fix: set addresses in 192.168.49.0/24, or add a HostRoute to it",
    ]);
  });

  for (const [block, network, use] of [
    ["10.244.7.0/28", "10.244.0.0/16", "pods"],
    ["10.96.0.10-10.96.0.20", "10.96.0.0/12", "Services"],
    ["10.0.0.0/8", "10.244.0.0/16", "pods"],
  ] as const) {
    it(`rejects ${block} in the network of ${use}`, async () => {
      expect(await run([pool(block), cluster(), route])).to.deep.equal([
        `spec.addresses[0]: ${block} overlaps ${network}, the network of ${use} (cluster). Fix: set addresses in 192.168.49.0/24 or 172.17.255.0/24`,
      ]);
    });
  }

  it("rejects every block that is partly outside the network", async () => {
    const two = pool("192.168.49.250-192.168.50.5", "192.168.49.2/32", "192.0.2.0/28");
    const found = await run([two, cluster()]);
    expect(found.map((message) => message.split(" ")[0])).to.deep.equal([
      "spec.addresses[0]:",
      "spec.addresses[2]:",
    ]);
  });

  it("rejects an address without a prefix", async () => {
    const [message] = await run([pool("192.168.49.9")]);
    expect(message).to.contain("write 192.168.49.9/32");
  });

  it("reads the networks of Calico's pools", async () => {
    const calico: Subject = {
      type: "kubernetes:crd.projectcalico.org/v1:IPPool",
      name: "calico",
      props: { spec: { cidr: "10.50.0.0/16" } },
    };
    const inside = pool("10.50.1.0/24");
    const [message] = await run([inside, calico]);
    expect(message).to.contain("overlaps 10.50.0.0/16, the network of pods (calico)");
    const uses = { spec: { cidr: "10.50.0.0/16", allowedUses: ["LoadBalancer"] } };
    expect(await run([inside, { ...calico, props: uses }])).to.deep.equal([]);
  });

  it("reads the network in the environment of Calico's node", async () => {
    const env = [{ name: "CALICO_IPV4POOL_CIDR", value: "10.50.0.0/16" }];
    const spec = { template: { spec: { containers: [{ env }] } } };
    const node = { type: "kubernetes:apps/v1:DaemonSet", name: "node", props: { spec } };
    expect(await run([pool("10.50.1.0/24"), node])).to.have.length(1);
    expect(await run([pool("10.51.1.0/24"), node])).to.deep.equal([]);
  });

  it("adds the networks of its settings", async () => {
    const foreign = pool("203.0.113.0/24");
    expect(await run([foreign, cluster()], { routedNetworks: ["203.0.113.0/24"] })).to.be.empty;
    expect(await run([foreign], { podNetworks: ["203.0.113.0/25"] })).to.have.length(1);
    expect(await run([foreign], { serviceNetworks: ["203.0.113.0/25"] })).to.have.length(1);
  });

  it("ignores unknown networks", async () => {
    const foreign = pool("203.0.113.0/24", unknown);
    expect(await run([foreign])).to.deep.equal([]);
    expect(
      await run([foreign, cluster({ nodeNetwork: unknown, podNetwork: unknown })]),
    ).to.deep.equal([]);
    expect(await run([foreign, cluster(), { ...route, props: { to: unknown } }])).to.be.empty;
    expect(await run([{ ...pool(), props: { spec: unknown } }, cluster()])).to.deep.equal([]);
  });

  it("compares networks of one address family only", async () => {
    const six = pool("fd00:1::/120");
    expect(await run([six, cluster()])).to.deep.equal([]);
    expect(await run([six, cluster()], { routedNetworks: ["fd00:2::/64"] })).to.have.length(1);
  });

  it("ignores other kinds", async () => {
    const other = { ...pool("203.0.113.0/24"), type: "kubernetes:metallb.io/v1beta1:BGPPeer" };
    expect(await run([other, cluster()])).to.deep.equal([]);
  });
});
