import { expect } from "chai";

import { judgeName, observeName } from "../../../probe/hops/name.ts";
import { checkRequest, type PacketRequest } from "../../../probe/request.ts";

const files = {
  nsswitch: "passwd: files\nhosts: files dns\n",
  hosts: "127.0.0.1 localhost\n# 192.0.2.9 web.test\n192.0.2.7 web web.test # ours\n",
  resolvConf: "search lan\nnameserver 192.0.2.53\noptions edns0\n",
};

describe("the name", () => {
  it("is in order with an address, and says where it could come from", () => {
    expect(judgeName("web.test", "192.0.2.7", files)).to.deep.equal({
      state: "ok",
      evidence: [
        "web.test is 192.0.2.7",
        "resolver order: files dns",
        "hosts file: 192.0.2.7 web web.test",
        "resolv.conf: search lan; nameserver 192.0.2.53",
      ],
    });
  });

  it("is broken without an address", () => {
    const finding = judgeName("no.test", undefined, files);
    expect(finding).to.have.property("why").that.contains("no.test has no address");
    expect(finding.evidence).to.contain("hosts file: does not name it");
  });

  it("is skipped when the address is fixed", async () => {
    const request = checkRequest({
      ask: "http",
      name: "web",
      url: "http://web.test/",
      address: "192.0.2.7",
    }) as PacketRequest;
    const outcome = { symptom: "answer", text: "HTTP 200", evidence: [] } as const;
    expect((await observeName(request, "192.0.2.7", outcome)).state).to.equal("skipped");
  });

  it("is broken when a DNS server gives another address", async () => {
    const request = checkRequest({
      ask: "dns",
      name: "a.test",
      server: "192.0.2.53",
      transport: "udp",
    }) as PacketRequest;
    const outcome = {
      symptom: "wrong answer",
      text: "NXDOMAIN: no address",
      evidence: ["x"],
    } as const;
    expect(await observeName(request, "192.0.2.53", outcome)).to.include({ state: "broken" });
  });
});
