import { expect } from "chai";
import * as fc from "fast-check";

import { UserError } from "../../messages/errors.ts";
import { checkRequest, faultsInRequest, parseServer } from "../../probe/request.ts";

const faultsIn = (request: unknown): string[] =>
  faultsInRequest(request).map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);

describe("a probe request", () => {
  it("gets its defaults filled in", () => {
    const request = { ask: "http", name: "web", url: "http://192.0.2.7/" } as const;
    expect(checkRequest(request)).to.deep.equal({ ...request, deadlineSeconds: 8, status: 200 });
  });

  it("keeps what it says about router and service", () => {
    const request = {
      ask: "tcp",
      name: "web",
      address: "2001:db8::7",
      port: 65535,
      deadlineSeconds: 1,
      router: "netns:/run/netns/lab",
      service: { namespace: "web", name: "web" },
    } as const;
    expect(checkRequest(request)).to.deep.equal(request);
  });

  it("reports all its faults at once, each with its place, its value and what to write", () => {
    const request = { ask: "tcp", address: "192.0.2", port: 0, router: "moon", deadlineSeconds: 0 };
    expect(faultsIn(request)).to.deep.equal([
      "request.name: is missing; give the check a name",
      "request.deadlineSeconds: got 0; write a number of seconds above 0",
      'request.router: got "moon"; write host, netns:/run/netns/NAME or ssh:[USER@]HOST',
      'request.address: got "192.0.2"; write an IP address, such as 192.0.2.7',
      "request.port: got 0; a port is at least 1",
    ]);
  });

  const refused: readonly [string, unknown, string][] = [
    ["an ask it does not know", { ask: "icmp", name: "a" }, "write an object whose ask"],
    ["something that is no object", 3, "request: got 3; write an object whose ask"],
    ["an unknown key", { ask: "route", name: "a", address: "::1", port: 1, prot: 2 }, "prot"],
    ["https", { ask: "http", name: "a", url: "https://192.0.2.7" }, "write a URL that starts"],
    [
      "a status of 700",
      { ask: "http", name: "a", url: "http://a/", status: 700 },
      "an HTTP status is at most",
    ],
    [
      "a server without address",
      { ask: "dns", name: "a", server: "ns", transport: "udp" },
      "server",
    ],
    [
      "DNS over TLS",
      { ask: "dns", name: "a", server: "192.0.2.53", transport: "tls" },
      "transport",
    ],
    [
      "a name with an empty part",
      { ask: "dns", name: "a..b", server: "::1", transport: "udp" },
      "name",
    ],
  ];
  for (const [what, request, beginning] of refused) {
    it(`is refused with ${what}`, () => {
      const faults = faultsIn(request);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.contain(beginning);
    });
  }
});

describe("a request with faults", () => {
  it("is refused with an error that lists them and has a fix", () => {
    expect(() => checkRequest({ ask: "tcp" }))
      .to.throw(UserError, /request\.address: is missing/)
      .and.include({ exitCode: 2 })
      .and.have.property("fix");
  });
});

describe("a host name", () => {
  const ask = (lookup: string) =>
    faultsIn({ ask: "dns", name: "a", lookup, server: "::1", transport: "udp" });
  for (const name of ["a", "web.test", "web.test.", `${"x".repeat(63)}.test`]) {
    it(`"${name.slice(0, 20)}" can be looked up`, () => {
      expect(ask(name)).to.deep.equal([]);
    });
  }
  for (const name of [".", "a..b", ".a", "x".repeat(64), Array(90).fill("abc").join(".")]) {
    it(`"${name.slice(0, 20)}" of ${name.length} characters is refused`, () => {
      expect(ask(name)).to.have.length(1);
    });
  }
});

describe("a DNS server's text", () => {
  const good: readonly [string, string, number][] = [
    ["192.0.2.53", "192.0.2.53", 53],
    ["192.0.2.53:5353", "192.0.2.53", 5353],
    ["2001:db8::53", "2001:db8::53", 53],
    ["[2001:db8::53]:5353", "2001:db8::53", 5353],
  ];
  for (const [text, address, port] of good) {
    it(`${text} is port ${port} of ${address}`, () => {
      expect(parseServer(text)).to.deep.equal({ address, port });
    });
  }
  for (const text of [
    "",
    "ns.example",
    "192.0.2.53:0",
    "192.0.2.53:65536",
    "[192.0.2.53]:53",
    "1:2",
  ]) {
    it(`"${text}" is refused`, () => {
      expect(parseServer(text)).to.equal(undefined);
    });
  }

  it("is read back for every address and port", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.integer({ min: 1, max: 65535 }), (four, six, port) => {
        expect(parseServer(`${four}:${port}`)).to.deep.equal({ address: four, port });
        expect(parseServer(`[${six}]:${port}`)).to.deep.equal({ address: six, port });
      }),
    );
  });
});
