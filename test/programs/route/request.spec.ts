import { expect } from "chai";

import {
  faultsInRoute,
  parseRecord,
  parseRequest,
  type RouteRecord,
} from "../../../programs/route/request.ts";

const right = { on: "host", to: "192.0.2.0/24", via: "198.51.100.1" };

describe("a route that is asked for", () => {
  for (const route of [
    right,
    { ...right, on: "netns:/run/netns/lab" },
    { ...right, on: "ssh:admin@router" },
    { on: "host", to: "fd00:2::/64", via: "fd00:1::1" },
  ]) {
    it(`may be ${route.to} via ${route.via} on ${route.on}`, () => {
      expect(faultsInRoute(route)).to.deep.equal([]);
    });
  }

  for (const [route, place, why] of [
    [{ ...right, on: "router" }, "on", "is not a vantage"],
    [{ ...right, to: "192.0.2.1/24" }, "to", "has bits set after its prefix"],
    [{ ...right, to: "192.0.2.1" }, "to", "is not a network"],
    [{ ...right, via: "router" }, "via", "is not an address"],
    [{ ...right, via: "fd00::1" }, "via", "write both in one family"],
    [{ ...right, via: "192.0.2.9" }, "via", "reached through itself"],
    [{ ...right, to: "0.0.0.0/0" }, "via", "reached through itself"],
  ] as const) {
    it(`may not be ${route.to} via ${route.via} on ${route.on}`, () => {
      const faults = faultsInRoute(route);
      expect(faults.map(({ propertyPath }) => propertyPath)).to.deep.equal([place]);
      expect(faults[0]?.reason).to.contain(why);
    });
  }

  it("has all its faults named at once", () => {
    const faults = faultsInRoute({ on: "a", to: "b", via: "c" });
    expect(faults.map(({ propertyPath }) => propertyPath)).to.deep.equal(["on", "to", "via"]);
  });

  it("is not judged by what is not known yet", () => {
    expect(faultsInRoute({ on: "host", to: "192.0.2.0/24" })).to.deep.equal([]);
    expect(faultsInRoute({ on: "nowhere" })).to.have.length(1);
  });

  it("is read back from its text", () => {
    expect(parseRequest(JSON.stringify(right))).to.deep.equal(right);
  });

  for (const text of [undefined, "{}", "no JSON", JSON.stringify({ ...right, via: "x" })]) {
    it(`is refused as ${text ?? "nothing"}`, () => {
      expect(() => parseRequest(text)).to.throw();
    });
  }
});

describe("the record of a route", () => {
  const record: RouteRecord = { schemaVersion: 1, ...right, added: true, device: "eth0" };

  it("is read back from its text", () => {
    expect(parseRecord(JSON.stringify(record))).to.deep.equal(record);
  });

  it("is none where the last run left none", () => {
    expect([parseRecord(undefined), parseRecord(" \n")]).to.deep.equal([undefined, undefined]);
  });

  it("is refused when its version is unknown", () => {
    expect(() => parseRecord(JSON.stringify({ ...record, schemaVersion: 2 }))).to.throw();
  });
});
