import { Buffer } from "node:buffer";

import { expect } from "chai";
import * as fc from "fast-check";

import {
  decodeAnswer,
  DnsMessageError,
  encodeQuery,
  faultInName,
} from "../../../probe/asks/dnsMessage.ts";
import { dnsAnswer } from "../servers.ts";

describe("a DNS message", () => {
  it("asks for an address in the bytes of RFC 1035", () => {
    const query = encodeQuery(0x1234, "web.test.", "A");
    expect(query.toString("hex")).to.equal(
      "12340100000100000000000003776562047465737400".concat("00010001"),
    );
  });

  it("asks for an IPv6 address by its own type", () => {
    expect(encodeQuery(1, "a", "AAAA").subarray(-4).toString("hex")).to.equal("001c0001");
  });

  it("gives the addresses of its answer, past a pointer and an alias", () => {
    const query = encodeQuery(7, "web.test", "A");
    const alias = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 3, 1, 0x61, 0]);
    const answer = dnsAnswer(query, ["192.0.2.7"]);
    answer.writeUInt16BE(2, 6);
    const message = Buffer.concat([
      answer.subarray(0, query.length),
      alias,
      answer.subarray(query.length),
    ]);
    expect(decodeAnswer(message)).to.deep.equal({
      id: 7,
      code: "NOERROR",
      truncated: false,
      addresses: ["192.0.2.7"],
    });
  });

  it("gives an IPv6 address in its short form", () => {
    const query = encodeQuery(7, "web.test", "AAAA");
    const answer = dnsAnswer(query, []);
    answer.writeUInt16BE(1, 6);
    const data = Buffer.from("20010db8000000000000000000000007", "hex");
    const record = Buffer.concat([Buffer.from([0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 9, 0, 16]), data]);
    expect(decodeAnswer(Buffer.concat([answer, record])).addresses).to.deep.equal(["2001:db8::7"]);
  });

  it("gives the code of a refusal", () => {
    const query = encodeQuery(7, "web.test", "A");
    expect(decodeAnswer(dnsAnswer(query, [], 3)).code).to.equal("NXDOMAIN");
    expect(decodeAnswer(dnsAnswer(query, [], 15)).code).to.equal("code 15");
  });

  it("is refused when it is a question", () => {
    expect(() => decodeAnswer(encodeQuery(7, "a", "A"))).to.throw(DnsMessageError);
  });

  it("is refused by name wherever it is cut, and whatever its bytes are", () => {
    const whole = dnsAnswer(encodeQuery(7, "web.test", "A"), ["192.0.2.7"]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeAnswer(whole.subarray(0, length))).to.throw(DnsMessageError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeAnswer(Buffer.from(bytes));
        } catch (error) {
          expect(error).to.be.instanceOf(DnsMessageError);
        }
      }),
    );
  });

  it("carries addresses unchanged", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { maxLength: 9 }), fc.nat(0xffff), (addresses, id) => {
        const answer = decodeAnswer(dnsAnswer(encodeQuery(id, "web.test", "A"), addresses));
        expect(answer).to.deep.include({ id, addresses });
      }),
    );
  });
});

describe("a host name", () => {
  for (const name of ["a", "web.test", "web.test.", `${"x".repeat(63)}.test`]) {
    it(`"${name.slice(0, 20)}" can be asked for`, () => {
      expect(faultInName(name)).to.equal(undefined);
    });
  }
  for (const name of ["", ".", "a..b", ".a", "x".repeat(64), Array(90).fill("abc").join(".")]) {
    it(`"${name.slice(0, 20)}" of ${name.length} characters is refused`, () => {
      expect(faultInName(name)).to.be.a("string");
    });
  }
});
