import { Buffer } from "node:buffer";

import { expect } from "chai";
import * as fc from "fast-check";

import { encodeQuery, judgeMessage } from "../../../probe/asks/dns.ts";
import { dnsAnswer } from "../../support/servers.ts";

const judge = (message: Buffer, answer?: string) =>
  judgeMessage(answer === undefined ? {} : { answer }, message, 1);

describe("a DNS message", () => {
  const query = encodeQuery(7, "web.test", "A");

  it("asks for an address in the bytes of RFC 1035", () => {
    expect(encodeQuery(0x1234, "web.test", "A").toString("hex")).to.equal(
      "12340100000100000000000003776562047465737400".concat("00010001"),
    );
  });

  it("asks for an IPv6 address by its own type", () => {
    expect(encodeQuery(1, "a", "AAAA").subarray(-4).toString("hex")).to.equal("001c0001");
  });

  it("proves an address behind a pointer and an alias", () => {
    const alias = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 3, 1, 0x61, 0]);
    const answer = dnsAnswer(query, ["192.0.2.7"]);
    answer.writeUInt16BE(2, 6);
    const message = Buffer.concat([
      answer.subarray(0, query.length),
      alias,
      answer.subarray(query.length),
    ]);
    expect(judge(message, "192.0.2.7")).to.include({
      symptom: "answer",
      text: "NOERROR: 192.0.2.7",
    });
  });

  it("proves an IPv6 address in any notation", () => {
    const answer = dnsAnswer(encodeQuery(7, "web.test", "AAAA"), []);
    answer.writeUInt16BE(1, 6);
    const data = Buffer.from("20010db8000000000000000000000007", "hex");
    const record = Buffer.concat([Buffer.from([0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 9, 0, 16]), data]);
    const outcome = judge(Buffer.concat([answer, record]), "2001:db8:0:0:0:0:0:7");
    expect(outcome).to.include({ symptom: "answer", text: "NOERROR: 2001:db8::7" });
  });

  it("reports the code of an error, and truncation", () => {
    expect(judge(dnsAnswer(query, [], 3)).text).to.equal("NXDOMAIN: no address");
    const cut = dnsAnswer(query, []);
    cut.writeUInt16BE(0x8380, 2);
    expect(judge(cut).text).to.equal("NOERROR, truncated: no address");
  });

  it("proves nothing when it is a query", () => {
    expect(judge(query).symptom).to.equal("wrong answer");
  });

  it("proves no whole address wherever it is cut, and no bytes throw", () => {
    const whole = dnsAnswer(query, ["192.0.2.7"]);
    for (let length = 0; length < whole.length; length++) {
      expect(judge(whole.subarray(0, length), "192.0.2.7").symptom).to.equal("wrong answer");
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void judge(Buffer.from(bytes))),
    );
  });

  it("contains addresses unchanged", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { minLength: 1, maxLength: 9 }), (addresses) => {
        expect(judge(dnsAnswer(query, addresses)).text).to.equal(
          `NOERROR: ${addresses.join(", ")}`,
        );
      }),
    );
  });
});
