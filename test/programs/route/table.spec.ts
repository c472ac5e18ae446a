import { expect } from "chai";
import * as fc from "fast-check";

import { type Family, format, parseNetwork } from "../../../net/addresses.ts";
import { parseRoutes } from "../../../net/ip.ts";
import { prefixOf, tableEntry } from "../../../programs/route/table.ts";

const parseTable = (text: string, family: Family) =>
  parseRoutes(text).map((route) => tableEntry(route, family));

/** As iproute2 6.1 prints it. */
const printed = JSON.stringify([
  { dst: "default", gateway: "192.168.75.1", dev: "d0", protocol: "dhcp", metric: 100, flags: [] },
  { type: "blackhole", dst: "10.8.0.0/16", metric: 7, flags: [] },
  { dst: "10.9.5.5", gateway: "192.168.75.11", dev: "d0", protocol: "173", flags: [] },
  {
    dst: "10.10.0.0/24",
    flags: [],
    nexthops: [
      { gateway: "192.168.75.11", dev: "d0", weight: 1, flags: [] },
      { gateway: "192.168.75.12", dev: "d0", weight: 1, flags: [] },
    ],
  },
  { dst: "10.11.0.0/24", via: { family: "inet6", host: "fe80::1" }, dev: "d0", flags: [] },
  {
    dst: "172.17.0.0/16",
    dev: "docker0",
    protocol: "kernel",
    scope: "link",
    prefsrc: "172.17.0.1",
    flags: ["linkdown"],
  },
]);

describe("a host's route table", () => {
  const table = parseTable(printed, 4);

  it("has the kind of each route", () => {
    expect(table.map(({ kind }) => kind)).to.deep.equal([
      "gateway",
      "discard",
      "gateway",
      "gateway",
      "gateway",
      "onLink",
    ]);
  });

  it("has prefixes, and an address has the full length", () => {
    expect(table.map(({ prefix }) => prefix)).to.deep.equal([0, 16, 32, 24, 24, 16]);
  });

  it("has metrics, which are 0 when none is printed", () => {
    expect(table.map(({ metric }) => metric)).to.deep.equal([100, 7, 0, 0, 0, 0]);
  });

  it("has every next hop", () => {
    expect(table.map(({ gateways }) => gateways)).to.deep.equal([
      ["192.168.75.1"],
      [],
      ["192.168.75.11"],
      ["192.168.75.11", "192.168.75.12"],
      ["fe80::1"],
      [],
    ]);
  });

  it("has the protocol of each route", () => {
    expect(table.map(({ protocol }) => protocol)).to.deep.equal([
      "dhcp",
      "boot",
      "173",
      "boot",
      "boot",
      "kernel",
    ]);
  });

  it("is formatted so that a route can be removed by its text", () => {
    expect(table.slice(0, 3).map(({ text }) => text)).to.deep.equal([
      "default via 192.168.75.1 dev d0 metric 100",
      "blackhole 10.8.0.0/16 metric 7",
      "10.9.5.5 via 192.168.75.11 dev d0",
    ]);
  });

  it("may be empty", () => {
    expect([...parseTable("", 4), ...parseTable("[]", 6)]).to.deep.equal([]);
  });

  it("is refused when it is something else", () => {
    expect(() => parseTable('[{"gateway":"192.0.2.1"}]', 4)).to.throw();
    expect(() => parseTable("default via 192.0.2.1", 4)).to.throw();
  });

  it("keeps every network's prefix", () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const hostBits = BigInt(32 - prefix);
        const text = `${format((address >> hostBits) << hostBits, 4)}/${prefix}`;
        expect(prefixOf(parseNetwork(text))).to.equal(prefix);
        const [route] = parseTable(JSON.stringify([{ dst: text, dev: "d0" }]), 4);
        expect(route?.prefix).to.equal(prefix);
      }),
    );
  });
});
