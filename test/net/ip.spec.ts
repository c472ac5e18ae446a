import { expect } from "chai";
import * as fc from "fast-check";

import { CouldNotAsk } from "../../messages/errors.ts";
import {
  covers,
  formatRoute,
  parseInterfaceAddresses,
  parseNeighbours,
  parseRoutes,
} from "../../net/ip.ts";

describe("the output of ip -j", () => {
  it("gives a lookup through a gateway", () => {
    const text = `[{"dst":"10.9.2.2","gateway":"10.9.1.1","dev":"c0","prefsrc":"10.9.1.2","flags":[],"uid":0,"cache":[]}]`;
    expect(parseRoutes(text)).to.deep.equal([
      { dst: "10.9.2.2", gateway: "10.9.1.1", dev: "c0", prefsrc: "10.9.1.2", flags: [] },
    ]);
  });

  it("gives special routes, which have no interface", () => {
    const text = `[{"type":"blackhole","dst":"10.9.7.0/24","metric":5,"flags":[]}]`;
    expect(parseRoutes(text)).to.deep.equal([
      { type: "blackhole", dst: "10.9.7.0/24", metric: 5, flags: [] },
    ]);
  });

  it("gives the gateway of a route whose gateway is of the other family", () => {
    const text = `[{"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"c0","flags":[]}]`;
    expect(parseRoutes(text)[0]?.gateway).to.equal("fe80::1");
  });

  it("gives neighbours with and without an answer", () => {
    const text = `[{"dst":"10.9.1.1","dev":"c0","lladdr":"1e:80:9f:cf:9e:83","state":["REACHABLE"]},{"dst":"10.9.2.2","dev":"c0","state":["FAILED"]}]`;
    expect(parseNeighbours(text).map(({ dst, state }) => [dst, state[0]])).to.deep.equal([
      ["10.9.1.1", "REACHABLE"],
      ["10.9.2.2", "FAILED"],
    ]);
  });

  it("gives addresses by interface", () => {
    const text = `[{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},{"ifname":"c0","addr_info":[{"local":"10.9.1.2","prefixlen":24},{}]}]`;
    expect(parseInterfaceAddresses(text)).to.deep.equal([
      { dev: "lo", address: "127.0.0.1", prefixLength: 8 },
      { dev: "c0", address: "10.9.1.2", prefixLength: 24 },
    ]);
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["a line end", "\n"],
    ["an empty list", "[ ]"],
    ["empty objects of filtered entries", "[{},{}]"],
  ]) {
    it(`is an empty list when it is ${what ?? ""}`, () => {
      expect(parseRoutes(text ?? "")).to.deep.equal([]);
    });
  }

  for (const text of ["Error", "{}", `[{"dev":"c0"}]`, `[{"dst":7}]`, "null"]) {
    it(`is refused when it is ${text}`, () => {
      expect(() => parseRoutes(text)).to.throw(CouldNotAsk);
    });
  }

  it("is read or refused by name, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const parse of [parseRoutes, parseNeighbours, parseInterfaceAddresses]) {
          try {
            expect(parse(text)).to.be.an("array");
          } catch (error) {
            expect(error).to.be.instanceOf(CouldNotAsk);
          }
        }
      }),
    );
  });
});

describe("a route's destination", () => {
  const cases: readonly [string, string, boolean][] = [
    ["default", "192.0.2.7", true],
    ["192.0.2.0/24", "192.0.2.7", true],
    ["192.0.2.0/24", "192.0.3.7", false],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.8", "192.0.2.7", false],
    ["2001:db8::/32", "2001:db8::7", true],
    ["2001:db8::/32", "192.0.2.7", false],
    ["nonsense", "192.0.2.7", false],
  ];
  for (const [destination, address, yes] of cases) {
    it(`${destination} ${yes ? "covers" : "does not cover"} ${address}`, () => {
      expect(covers(destination, address)).to.equal(yes);
    });
  }

  it("covers each of its addresses, and none that differs in the prefix", () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        expect(covers(`10.${a}.${b}.0/24`, `10.${a}.${b}.${d}`)).to.equal(true);
        expect(covers(`10.${a}.${b}.0/24`, `10.${a}.${c}.${d}`)).to.equal(b === c);
      }),
    );
  });
});

it("a route is written as ip route writes it", () => {
  const route = { dst: "192.0.2.0/24", gateway: "10.9.1.1", dev: "c0", metric: 100, flags: [] };
  expect(formatRoute(route)).to.equal("192.0.2.0/24 via 10.9.1.1 dev c0 metric 100");
  expect(formatRoute({ type: "prohibit", dst: "default", flags: [] })).to.equal("prohibit default");
});
