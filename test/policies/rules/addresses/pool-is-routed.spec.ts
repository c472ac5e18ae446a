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
const ask = async (subjects: readonly Subject[], configuration = {}) =>
  (await violationsOf(rule, subjects, configuration)).map(({ message }) => message);

describe("pool-is-routed", () => {
  it("takes a pool in the nodes' network", async () => {
    const inside = pool("192.168.49.200-192.168.49.239", "192.168.49.240/28");
    expect(await ask([inside, cluster()])).to.deep.equal([]);
  });

  it("takes a foreign pool that a route leads to, and only that", async () => {
    const foreign = pool("172.17.255.0/24");
    expect(await ask([foreign, cluster(), route])).to.deep.equal([]);
    expect(await ask([foreign, cluster()])).to.deep.equal([
      "spec.addresses[0]: 172.17.255.0/24 is in no network that clients have a way to; set addresses in 192.168.49.0/24, or add a HostRoute to it",
    ]);
  });

  for (const [block, network, use] of [
    ["10.244.7.0/28", "10.244.0.0/16", "pods"],
    ["10.96.0.10-10.96.0.20", "10.96.0.0/12", "Services"],
    ["10.0.0.0/8", "10.244.0.0/16", "pods"],
  ] as const) {
    it(`refuses ${block} for being the network of ${use}`, async () => {
      expect(await ask([pool(block), cluster(), route])).to.deep.equal([
        `spec.addresses[0]: ${block} overlaps ${network}, the network of ${use} (cluster); set addresses in 192.168.49.0/24 or 172.17.255.0/24`,
      ]);
    });
  }

  it("refuses a block that sticks out, and names every block at fault", async () => {
    const two = pool("192.168.49.250-192.168.50.5", "192.168.49.2/32", "192.0.2.0/28");
    const found = await ask([two, cluster()]);
    expect(found.map((message) => message.split(" ")[0])).to.deep.equal([
      "spec.addresses[0]:",
      "spec.addresses[2]:",
    ]);
  });

  it("refuses what is no block", async () => {
    const [message] = await ask([pool("192.168.49.9")]);
    expect(message).to.contain("write 192.168.49.9/32");
  });

  it("knows the networks of Calico's own pools", async () => {
    const calico: Subject = {
      type: "kubernetes:crd.projectcalico.org/v1:IPPool",
      name: "calico",
      props: { spec: { cidr: "10.50.0.0/16" } },
    };
    const inside = pool("10.50.1.0/24");
    const [message] = await ask([inside, calico]);
    expect(message).to.contain("overlaps 10.50.0.0/16, the network of pods (calico)");
    const uses = { spec: { cidr: "10.50.0.0/16", allowedUses: ["LoadBalancer"] } };
    expect(await ask([inside, { ...calico, props: uses }])).to.deep.equal([]);
  });

  it("knows the network that Calico's node is told", async () => {
    const env = [{ name: "CALICO_IPV4POOL_CIDR", value: "10.50.0.0/16" }];
    const spec = { template: { spec: { containers: [{ env }] } } };
    const node = { type: "kubernetes:apps/v1:DaemonSet", name: "node", props: { spec } };
    expect(await ask([pool("10.50.1.0/24"), node])).to.have.length(1);
    expect(await ask([pool("10.51.1.0/24"), node])).to.deep.equal([]);
  });

  it("adds the networks of the configuration", async () => {
    const foreign = pool("203.0.113.0/24");
    expect(await ask([foreign, cluster()], { routedNetworks: ["203.0.113.0/24"] })).to.be.empty;
    expect(await ask([foreign], { podNetworks: ["203.0.113.0/25"] })).to.have.length(1);
    expect(await ask([foreign], { serviceNetworks: ["203.0.113.0/25"] })).to.have.length(1);
  });

  it("checks nothing against networks that nobody named or knows yet", async () => {
    const foreign = pool("203.0.113.0/24", unknown);
    expect(await ask([foreign])).to.deep.equal([]);
    expect(
      await ask([foreign, cluster({ nodeNetwork: unknown, podNetwork: unknown })]),
    ).to.deep.equal([]);
    expect(await ask([foreign, cluster(), { ...route, props: { to: unknown } }])).to.be.empty;
    expect(await ask([{ ...pool(), props: { spec: unknown } }, cluster()])).to.deep.equal([]);
  });

  it("keeps the families apart", async () => {
    const six = pool("fd00:1::/120");
    expect(await ask([six, cluster()])).to.deep.equal([]);
    expect(await ask([six, cluster()], { routedNetworks: ["fd00:2::/64"] })).to.have.length(1);
  });

  it("says nothing of other kinds", async () => {
    const other = { ...pool("203.0.113.0/24"), type: "kubernetes:metallb.io/v1beta1:BGPPeer" };
    expect(await ask([other, cluster()])).to.deep.equal([]);
  });
});
