import { expect } from "chai";
import * as fc from "fast-check";

import { format } from "../../../../net/addresses.ts";
import { gkeControlPlaneIsNotPublic as rule } from "../../../../policies/rules/gke/gke-control-plane-is-not-public.ts";
import { autopilot, gkeCluster, gkePool } from "../../gke.ts";
import { changed, deployment, messagesOf, unknown } from "../../support.ts";

const networks = "masterAuthorizedNetworksConfig";
const open = (...blocks: readonly unknown[]) =>
  changed(
    gkeCluster,
    [networks, "cidrBlocks"],
    blocks.map((cidrBlock) => ({ cidrBlock })),
  );
const endpoints = "controlPlaneEndpointsConfig";
const fix = "Fix: set the networks that you work from, such as 198.51.100.7/32";

describe("gke-control-plane-is-not-public", () => {
  it("accepts a few addresses, private networks, and none at all", async () => {
    expect(await messagesOf(rule, gkeCluster)).to.deep.equal([]);
    expect(await messagesOf(rule, changed(gkeCluster, [networks], {}))).to.deep.equal([]);
    const all = open("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.51.0.0/16", "fc00::/7");
    expect(await messagesOf(rule, all)).to.deep.equal([]);
  });

  it("rejects a control plane without authorised networks", async () => {
    for (const cluster of [changed(gkeCluster, [networks], undefined), autopilot]) {
      expect(await messagesOf(rule, cluster)).to.deep.equal([
        `${networks} is not set, so the whole internet reaches the control plane. ${fix}`,
      ]);
    }
  });

  for (const [what, blocks, count] of [
    ["everybody", ["0.0.0.0/0"], "4272881664 public IPv4"],
    ["two halves of everybody", ["128.0.0.0/1", "0.0.0.0/1"], "4272881664 public IPv4"],
    ["a network twice and its neighbour", ["8.0.0.0/16", "8.0.0.0/16", "8.1.0.0/32"], "65537"],
    ["networks that touch", ["198.50.0.0/16", "198.51.0.0/16"], "131072 public IPv4"],
    ["networks far apart", ["8.0.0.0/17", "9.0.0.0/17", "11.0.0.0/32"], "65537 public IPv4"],
    ["everybody in IPv6", ["::/0"], "public IPv6"],
    ["a half of IPv6", ["8000::/1"], "public IPv6"],
  ] as const) {
    it(`rejects ${what}`, async () => {
      const [message, ...others] = await messagesOf(rule, open(...blocks));
      expect(message).to.contain(`${networks}.cidrBlocks admits`).and.contain(count);
      expect(message).to.contain(fix);
      expect(others).to.deep.equal([]);
    });
  }

  it("rejects both families, each with its count", async () => {
    expect(await messagesOf(rule, open("0.0.0.0/0", "::/0"))).to.have.length(2);
  });

  it("rejects every cover of the internet, however it is split", async () => {
    const split = fc.integer({ min: 0, max: 6 }).chain((bits) => {
      const size = 2n ** BigInt(32 - bits);
      const blocks = Array.from(
        { length: 2 ** bits },
        (_, index) => `${format(BigInt(index) * size, 4)}/${bits}`,
      );
      return fc.shuffledSubarray(blocks, { minLength: blocks.length });
    });
    await fc.assert(
      fc.asyncProperty(split, async (blocks) => {
        expect(await messagesOf(rule, open(...blocks))).to.deep.equal([
          `${networks}.cidrBlocks admits 4272881664 public IPv4 addresses, more than a /16. ${fix}`,
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it("counts each address once", async () => {
    const prefix = fc.integer({ min: 17, max: 32 });
    const block = fc.tuple(fc.integer({ min: 0, max: 2 ** 16 - 1 }), prefix).map(([host, bits]) => {
      const size = 2n ** BigInt(32 - bits);
      const base = 0x08_08_00_00n + BigInt(host);
      return `${format(base - (base % size), 4)}/${bits}`;
    });
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 40 }), async (blocks) => {
        // All of them are in 8.8.0.0/16, which is as many addresses as the rule accepts.
        expect(await messagesOf(rule, open(...blocks))).to.deep.equal([]);
        expect(await messagesOf(rule, open(...blocks, "8.8.0.0/16"))).to.deep.equal([]);
        expect(await messagesOf(rule, open(...blocks, "8.8.0.0/16", "8.9.0.0/32"))).to.have.length(
          1,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("reads its limits from its settings", async () => {
    const wide = open("198.51.0.0/16");
    expect(await messagesOf(rule, wide, { publicPrefix4: 17 })).to.have.length(1);
    expect(await messagesOf(rule, open("0.0.0.0/0"), { publicPrefix4: 0 })).to.deep.equal([]);
    expect(await messagesOf(rule, open("2001:db8::/32"), { publicPrefix6: 33 })).to.have.length(1);
  });

  it("rejects Google's public addresses", async () => {
    const key = [networks, "gcpPublicCidrsAccessEnabled"];
    expect(await messagesOf(rule, changed(gkeCluster, key, true))).to.deep.equal([
      `${key.join(".")} is true, which admits every customer's machines. Fix: set false`,
    ]);
    expect(await messagesOf(rule, changed(gkeCluster, key, undefined))).to.deep.equal([]);
  });

  it("accepts any networks while the public endpoint is off", async () => {
    const everybody = open("0.0.0.0/0");
    for (const [key, value] of [
      [["privateClusterConfig", "enablePrivateEndpoint"], true],
      [[endpoints, "ipEndpointsConfig", "enabled"], false],
    ] as const) {
      expect(await messagesOf(rule, changed(everybody, key, value))).to.deep.equal([]);
      expect(await messagesOf(rule, changed(everybody, key, !value))).to.have.length(1);
      expect(await messagesOf(rule, changed(everybody, key, unknown))).to.deep.equal([]);
    }
  });

  for (const key of ["enableK8sTokensViaDns", "enableK8sCertsViaDns"]) {
    it(`rejects ${key} on a DNS endpoint that the internet reaches`, async () => {
      const dns = [endpoints, "dnsEndpointConfig"];
      const weak = changed(gkeCluster, [...dns, key], true);
      expect(await messagesOf(rule, weak)).to.deep.equal([
        `${endpoints}.dnsEndpointConfig.${key} is true on an endpoint that the internet reaches, so IAM no longer protects it. Fix: set false`,
      ]);
      for (const value of [false, undefined, unknown]) {
        const closed = changed(weak, [...dns, "allowExternalTraffic"], value);
        expect(await messagesOf(rule, closed)).to.deep.equal([]);
      }
    });
  }

  it("accepts unknown networks, and still counts the known ones", async () => {
    expect(await messagesOf(rule, changed(gkeCluster, [networks], unknown))).to.deep.equal([]);
    expect(await messagesOf(rule, open(unknown, "10.1.0.0/16"))).to.deep.equal([]);
    expect(await messagesOf(rule, open(unknown, "0.0.0.0/0"))).to.have.length(1);
    expect(await messagesOf(rule, open("everybody"))).to.deep.equal([]);
  });

  it("ignores other kinds", async () => {
    for (const other of [gkePool, deployment]) {
      expect(await messagesOf(rule, other)).to.deep.equal([]);
    }
  });
});
