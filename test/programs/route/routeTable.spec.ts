import { expect } from "chai";
import * as fc from "fast-check";

import {
  parseLookup,
  parseOwnAddresses,
  parseRouteTable,
  prefixOf,
} from "../../../programs/route/routeTable.ts";
import { format, parseNetwork } from "../../../net/addresses.ts";

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
  const table = parseRouteTable(printed, 4);

  it("is read with what becomes of packets", () => {
    expect(table.map(({ kind }) => kind)).to.deep.equal([
      "gateway",
      "discard",
      "gateway",
      "gateway",
      "gateway",
      "onLink",
    ]);
  });

  it("is read with prefixes, an address being one of full length", () => {
    expect(table.map(({ prefix }) => prefix)).to.deep.equal([0, 16, 32, 24, 24, 16]);
  });

  it("is read with metrics, which are 0 where none is printed", () => {
    expect(table.map(({ metric }) => metric)).to.deep.equal([100, 7, 0, 0, 0, 0]);
  });

  it("is read with every next hop", () => {
    expect(table.map(({ gateways }) => gateways)).to.deep.equal([
      ["192.168.75.1"],
      [],
      ["192.168.75.11"],
      ["192.168.75.11", "192.168.75.12"],
      ["fe80::1"],
      [],
    ]);
  });

  it("is read with who made the routes", () => {
    expect(table.map(({ protocol }) => protocol)).to.deep.equal([
      "dhcp",
      "boot",
      "173",
      "boot",
      "boot",
      "kernel",
    ]);
  });

  it("is written as people write it, so that a route can be removed by its text", () => {
    expect(table.slice(0, 3).map(({ text }) => text)).to.deep.equal([
      "default via 192.168.75.1 dev d0 metric 100",
      "blackhole 10.8.0.0/16 metric 7",
      "10.9.5.5 via 192.168.75.11 dev d0",
    ]);
  });

  it("may be empty, however that is printed", () => {
    expect([...parseRouteTable("", 4), ...parseRouteTable("[]", 6)]).to.deep.equal([]);
  });

  it("is refused where it is something else", () => {
    expect(() => parseRouteTable('[{"gateway":"192.0.2.1"}]', 4)).to.throw();
    expect(() => parseRouteTable("default via 192.0.2.1", 4)).to.throw();
  });

  it("keeps every network's prefix", () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const hostBits = BigInt(32 - prefix);
        const text = `${format((address >> hostBits) << hostBits, 4)}/${prefix}`;
        expect(prefixOf(parseNetwork(text))).to.equal(prefix);
        const [route] = parseRouteTable(JSON.stringify([{ dst: text, dev: "d0" }]), 4);
        expect(route?.prefix).to.equal(prefix);
      }),
    );
  });
});

describe("what ip prints besides", () => {
  it("gives the host's own addresses", () => {
    const text = JSON.stringify([
      { ifname: "lo", addr_info: [{ family: "inet", local: "127.0.0.1" }] },
      { ifname: "d0", addr_info: [{ local: "192.0.2.1" }, { local: "192.0.2.2" }] },
      { ifname: "d1", addr_info: [] },
    ]);
    expect(parseOwnAddresses(text)).to.deep.equal(["127.0.0.1", "192.0.2.1", "192.0.2.2"]);
  });

  it("gives next hop and interface of a lookup", () => {
    const text = JSON.stringify([{ dst: "10.9.0.1", gateway: "192.0.2.1", dev: "d0" }]);
    expect(parseLookup(text)).to.deep.equal({ gateway: "192.0.2.1", device: "d0" });
  });

  it("gives no next hop where the address is on the link", () => {
    const text = JSON.stringify([{ dst: "192.0.2.9", dev: "d0", prefsrc: "192.0.2.1" }]);
    expect(parseLookup(text)).to.deep.equal({ gateway: undefined, device: "d0" });
  });
});
