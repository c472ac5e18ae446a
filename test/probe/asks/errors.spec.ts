import { expect } from "chai";

import { outcomeOfError, refine } from "../../../probe/asks/errors.ts";
import { readPing } from "../../../probe/asks/ping.ts";
import { parseSnmp, parseSnmp6, readForeignUnreachables } from "../../../probe/icmp.ts";
import type { Symptom } from "../../../probe/symptoms.ts";

const coded = (code: string) => Object.assign(new Error(code), { code });

describe("a socket's error", () => {
  const cases: readonly [string, Symptom][] = [
    ["ECONNREFUSED", "refused"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "no route"],
    ["EACCES", "no route"],
    ["EINVAL", "no route"],
    ["ECONNRESET", "reset"],
    ["ETIMEDOUT", "silence"],
    ["HPE_INVALID_CONSTANT", "wrong answer"],
    ["EMFILE", "not asked"],
  ];
  for (const [code, symptom] of cases) {
    it(`${code} is the symptom "${symptom}"`, () => {
      expect(outcomeOfError(coded(code)).symptom).to.equal(symptom);
    });
  }

  const refined: readonly [string, number | undefined, Symptom][] = [
    ["ECONNREFUSED", 1, "rejected"],
    ["ECONNREFUSED", 0, "refused"],
    ["ECONNREFUSED", undefined, "refused"],
    ["EHOSTUNREACH", 1, "unreachable"],
    ["EHOSTUNREACH", 0, "no neighbour"],
    ["EHOSTUNREACH", undefined, "unreachable"],
    ["ENETUNREACH", 1, "unreachable"],
    ["ENETUNREACH", 0, "no route"],
  ];
  for (const [code, foreign, symptom] of refined) {
    const heard = foreign === undefined ? "ICMP uncounted" : `${foreign} ICMP messages`;
    it(`${code} with ${heard} is the symptom "${symptom}"`, () => {
      expect(refine(outcomeOfError(coded(code)), foreign).symptom).to.equal(symptom);
    });
  }
});

describe("the kernel's ICMP counters", () => {
  it("are read by the names of their columns", () => {
    const text =
      "Ip: A\nIp: 1\nIcmp: InMsgs InDestUnreachs OutDestUnreachs\nIcmp: 9 5 2\nIcmpMsg: X\n";
    expect(parseSnmp(text)).to.deep.equal({ received: 5, sent: 2 });
    const six = "Icmp6InDestUnreachs             \t4\nIcmp6OutDestUnreachs   \t1\n";
    expect(parseSnmp6(six)).to.deep.equal({ received: 4, sent: 1 });
  });

  it("are unknown where they are missing", () => {
    expect(parseSnmp("")).to.equal(undefined);
    expect(parseSnmp("Icmp: InMsgs\nIcmp: 1\n")).to.equal(undefined);
    expect(parseSnmp6("Ip6InReceives 1\n")).to.equal(undefined);
  });

  it("are there on this machine", async () => {
    expect(await readForeignUnreachables()).to.be.a("number");
  });
});

describe("ping's output", () => {
  const cases: readonly [string, string, string][] = [
    [
      "a reply",
      "PING 10.9.2.2\n64 bytes from 10.9.2.2: icmp_seq=1 ttl=63 time=0.05 ms\n",
      "ping: 64 bytes from 10.9.2.2: icmp_seq=1 ttl=63 time=0.05 ms",
    ],
    [
      "who refused",
      "PING 10.9.2.2\nFrom 10.9.1.1 icmp_seq=1 Packet filtered\n",
      "ping: Packet filtered, reported by 10.9.1.1",
    ],
    [
      "silence",
      "PING 10.9.2.2\n\n1 packets transmitted, 0 received",
      "ping: no reply (many service addresses do not reply)",
    ],
  ];
  for (const [what, output, line] of cases) {
    it(`is one line that says ${what}`, () => {
      expect(readPing(output)).to.equal(line);
    });
  }
});
