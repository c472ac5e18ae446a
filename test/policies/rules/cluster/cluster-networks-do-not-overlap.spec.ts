import { expect } from "chai";
import * as fc from "fast-check";

import { format } from "../../../../net/addresses.ts";
import { clusterNetworksDoNotOverlap as rule } from "../../../../policies/rules/cluster/cluster-networks-do-not-overlap.ts";
import { gkeCluster, gkePool, gkeSubnetwork } from "../../gke.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);
const fix = "Fix: set a network that shares no address with it";
const minikube: Subject = {
  type: "provenet:cluster:MinikubeCluster",
  name: "minikube",
  props: {
    nodeNetwork: "192.168.49.0/24",
    podNetwork: "10.244.0.0/16",
    serviceNetwork: "10.96.0.0/12",
  },
};
const ippool = (cidr: unknown, name = "pool", more: object = {}): Subject => ({
  type: "kubernetes:crd.projectcalico.org/v1:IPPool",
  name,
  props: { spec: { cidr, ...more } },
});
const metallb = (name: string, ...addresses: unknown[]): Subject => ({
  type: "kubernetes:metallb.io/v1beta1:IPAddressPool",
  name,
  props: { spec: { addresses } },
});
const range = (index: number, network: unknown) =>
  changed(gkeSubnetwork, ["secondaryIpRanges", index, "ipCidrRange"], network);

describe("cluster-networks-do-not-overlap", () => {
  it("accepts separate networks", async () => {
    expect(await run(minikube, gkeSubnetwork, gkeCluster, gkePool)).to.deep.equal([]);
  });

  for (const [one, other] of [
    ["node", "pod"],
    ["node", "service"],
    ["pod", "service"],
  ] as const) {
    it(`rejects the networks of ${one}s and ${other}s that overlap in a component`, async () => {
      const same = "10.1.0.0/16";
      const both = changed(minikube, [`${one}Network`], same);
      const found = await run(changed(both, [`${other}Network`], "10.1.128.0/17"));
      expect(found).to.have.length(1);
      expect(found[0]?.message).to.contain("10.1.128.0/17").and.contain(same).and.contain(fix);
    });
  }

  it("rejects ranges of a subnetwork that overlap", async () => {
    expect(await run(range(1, "10.11.0.0/20"))).to.deep.equal([
      {
        message: `secondaryIpRanges[1].ipCidrRange is 10.11.0.0/20, which overlaps 10.8.0.0/14, the secondary range pods (secondaryIpRanges[0].ipCidrRange of subnetwork). ${fix}`,
        resource: "subnetwork",
      },
    ]);
    expect(await run(range(0, "10.128.0.0/16"))).to.have.length(1);
  });

  it("rejects subnetworks of one VPC that overlap", async () => {
    const second = { ...gkeSubnetwork, name: "second" };
    expect(await run(gkeSubnetwork, second)).to.have.length(3);
    expect(await run(gkeSubnetwork, changed(second, ["network"], "other"))).to.deep.equal([]);
    expect(await run(gkeSubnetwork, changed(second, ["network"], unknown))).to.deep.equal([]);
    const vpc = { type: "gcp:compute/network:Network", name: "vpc", props: { name: "provenet" } };
    const output = { ...changed(second, ["network"], unknown), madeOf: { network: ["vpc"] } };
    expect(await run(vpc, gkeSubnetwork, output)).to.have.length(3);
  });

  it("rejects a control plane inside a range", async () => {
    const keys = ["privateClusterConfig", "masterIpv4CidrBlock"];
    const inside = changed(gkeCluster, keys, "10.12.0.0/28");
    expect(await run(gkeSubnetwork, inside)).to.deep.equal([
      {
        message: `privateClusterConfig.masterIpv4CidrBlock is 10.12.0.0/28, which overlaps 10.12.0.0/20, the secondary range services (secondaryIpRanges[1].ipCidrRange of subnetwork). ${fix}`,
        resource: "cluster",
      },
    ]);
  });

  it("rejects networks that GKE makes inside the subnetwork's", async () => {
    const made = changed(gkeCluster, ["ipAllocationPolicy"], {
      clusterIpv4CidrBlock: "10.128.8.0/21",
      servicesIpv4CidrBlock: "10.200.0.0/20",
    });
    expect((await run(gkeSubnetwork, made)).map(({ resource }) => resource)).to.deep.equal([
      "cluster",
    ]);
    const size = changed(made, ["ipAllocationPolicy", "clusterIpv4CidrBlock"], "/21");
    expect(await run(gkeSubnetwork, size)).to.deep.equal([]);
  });

  it("rejects one range for pods and Services", async () => {
    const keys = ["ipAllocationPolicy", "servicesSecondaryRangeName"];
    expect(await run(changed(gkeCluster, keys, "pods"))).to.deep.equal([
      {
        message: `${keys.join(".")} is pods, the range of the pods too. Fix: set another secondary range`,
        resource: "cluster",
      },
    ]);
  });

  it("accepts a pool of Calico's inside the pods' network only", async () => {
    expect(await run(minikube, ippool("10.244.128.0/17"))).to.deep.equal([]);
    expect(await run(minikube, ippool("10.97.0.0/16"))).to.deep.equal([
      {
        message: `spec.cidr is 10.97.0.0/16, which overlaps 10.96.0.0/12, the network of the services (serviceNetwork of minikube). ${fix}`,
        resource: "pool",
      },
    ]);
    expect(await run(minikube, ippool("192.168.0.0/16"))).to.have.length(1);
  });

  it("rejects two pools of Calico's, unless one is disabled", async () => {
    const wide = ippool("10.244.0.0/16");
    const zone = ippool("10.244.64.0/18", "zone");
    expect(await run(wide, zone)).to.have.length(1);
    for (const disabled of [true, unknown]) {
      expect(await run(ippool("10.244.0.0/16", "pool", { disabled }), zone)).to.deep.equal([]);
    }
    expect(await run(wide, ippool("10.245.0.0/18", "zone"))).to.deep.equal([]);
  });

  it("rejects pools of MetalLB's that share an address", async () => {
    const pool = metallb("home", "192.168.49.200-192.168.49.210");
    expect(await run(minikube, pool)).to.deep.equal([]);
    expect(await run(pool, metallb("more", "192.168.49.210/32"))).to.deep.equal([
      {
        message: `spec.addresses[0] is 192.168.49.210/32, which overlaps 192.168.49.200-192.168.49.210, a pool of MetalLB's (spec.addresses[0] of home). ${fix}`,
        resource: "more",
      },
    ]);
    expect(await run(pool, metallb("more", "192.168.49.211/32", unknown))).to.deep.equal([]);
    // Another rule compares it with the network of the pods.
    expect(await run(minikube, metallb("pods", "10.244.1.0/24"))).to.deep.equal([]);
  });

  it("compares networks of one cluster only", async () => {
    const second = { ...minikube, name: "second" };
    expect(await run(minikube, second, ippool("10.97.0.0/16"))).to.deep.equal([]);
  });

  it("reports exactly the networks that share an address with an earlier one", async () => {
    const network = fc
      .record({ host: fc.integer({ min: 0, max: 255 }), bits: fc.integer({ min: 24, max: 30 }) })
      .map(({ host, bits }) => ({ first: host - (host % 2 ** (32 - bits)), bits }));
    await fc.assert(
      fc.asyncProperty(fc.array(network, { minLength: 2, maxLength: 6 }), async (networks) => {
        const taken = new Set<number>();
        const expected = networks.flatMap(({ first, bits }, index) => {
          const own = Array.from({ length: 2 ** (32 - bits) }, (_, offset) => first + offset);
          const shares = own.some((address) => taken.has(address));
          for (const address of own) taken.add(address);
          return shares ? [index] : [];
        });
        const base = 0x0a_00_00_00n;
        const secondaryIpRanges = networks.map(({ first, bits }, index) => ({
          rangeName: `range-${index}`,
          ipCidrRange: `${format(base + BigInt(first), 4)}/${bits}`,
        }));
        const found = await run(changed(gkeSubnetwork, ["secondaryIpRanges"], secondaryIpRanges));
        const indices = found.map(({ message }) => Number(/^\w+\[(\d+)\]/.exec(message)?.[1]));
        expect(indices).to.deep.equal(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("accepts unknown and invalid networks, and compares one family only", async () => {
    for (const value of [unknown, "10.8.0.0", "fd00::/48", undefined]) {
      expect(await run(range(1, value), gkeCluster)).to.deep.equal([]);
    }
    expect(await run(changed(gkeSubnetwork, ["secondaryIpRanges"], unknown))).to.deep.equal([]);
    expect(await run(changed(minikube, ["podNetwork"], unknown))).to.deep.equal([]);
  });
});
