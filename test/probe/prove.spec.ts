import { expect } from "chai";

import { encodeQuery } from "../../probe/asks/dns.ts";
import { prove as proveAtPace, type ProveOptions } from "../../probe/prove.ts";
import type { Pace } from "../../probe/repeat.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import { verdictSchema } from "../../probe/verdict.ts";
import {
  closedPort,
  dnsAnswer,
  serveDnsTcp,
  serveHttp,
  serveTcp,
  serveUdp,
  stopServers,
} from "../support/servers.ts";

/** Attempts at 0, 100 and 300 ms of a clock that only waiting moves. */
const soon = { name: "web", deadlineSeconds: 0.5 };

/** A clock that does not depend on the machine's load. */
function pace(shortestAttempt = 30_000): Pace {
  let time = 0;
  return {
    now: () => time,
    wait: (milliseconds) => Promise.resolve((time += milliseconds)),
    shortestAttempt,
  };
}

const prove = (request: ProbeRequest, options: ProveOptions = {}) =>
  proveAtPace(request, { pace: pace(), ...options });

/** One attempt, which ends in silence after two seconds. */
const once = { deadlineSeconds: 0.01 };
const patience = 2000;

const here = "127.0.0.1";

function http(port: number, more: Partial<ProbeRequest & { ask: "http" }> = {}): ProbeRequest {
  return { ask: "http", ...soon, url: `http://web.test:${port}/`, address: here, ...more };
}

describe("a proof against real servers", () => {
  afterEach(stopServers);

  it("proves a page with status, server, pod and source address", async () => {
    const hosts: (string | undefined)[] = [];
    const port = await serveHttp((request, response) => {
      hosts.push(request.headers.host);
      response.setHeader("Server", "web/1").end("mark HOSTNAME=web-abc-1\n");
    });
    const verdict = await prove(http(port, { body: "mark" }));
    expect(verdict).to.include({
      verdict: "proved",
      attempts: 1,
      broken: null,
      lastAnswer: "HTTP 200 from web/1",
    });
    expect(verdict.from.address).to.equal(here);
    expect(verdict.hops[17]?.evidence).to.include.members([
      "pod: web-abc-1",
      'body contains "mark"',
    ]);
    expect(hosts).to.deep.equal([`web.test:${port}`]);
    expect(verdictSchema.parse(verdict)).to.deep.equal(verdict);
  });

  it("reports the pod that a line of the page names", async () => {
    const port = await serveHttp((_, response) => response.end("web\npod web-abc-2\n"));
    expect((await prove(http(port))).hops[17]?.evidence).to.include("pod: web-abc-2");
  });

  it("sends the requested Host header", async () => {
    const port = await serveHttp(({ headers }, response) => response.end(headers.host));
    const request = http(port, { host: "other.test", body: "other.test" });
    expect((await prove(request)).verdict).to.equal("proved");
  });

  it("repeats the request until the address answers", async () => {
    let calls = 0;
    const port = await serveHttp((_, response) => {
      response.writeHead(++calls < 3 ? 503 : 200).end("ok");
    });
    const verdict = await prove(http(port, { deadlineSeconds: 60 }));
    expect(verdict).to.include({ verdict: "proved", attempts: 3 });
  });

  it("names hop 18 when the status differs", async () => {
    const port = await serveHttp((_, response) => {
      response.writeHead(404, { Server: "nginx" }).end("no such page");
    });
    const verdict = await prove(http(port));
    expect(verdict).to.include({
      verdict: "broken",
      symptom: "status",
      lastAnswer: "HTTP 404 from nginx",
    });
    expect(verdict.broken?.hop).to.equal(18);
    expect(verdict.broken?.remedy).to.contain("Ingress");
    expect(verdict.attempts).to.equal(3);
  });

  it("names hop 18 when the body lacks the expected text", async () => {
    const port = await serveHttp((_, response) => response.end("blue"));
    const verdict = await prove(http(port, { body: "green" }));
    expect(verdict.broken?.hop).to.equal(18);
    expect(verdict.lastAnswer).to.equal('HTTP 200, without "green" in the body');
  });

  it("reports an answer that is not HTTP", async () => {
    const port = await serveTcp((socket) => socket.end("SSH-2.0-x\r\n"));
    expect((await prove(http(port))).symptom).to.equal("wrong answer");
  });

  it("reports an open connection without an answer", async () => {
    const port = await serveTcp(() => undefined);
    const verdict = await prove(http(port, once), { pace: pace(patience) });
    expect(verdict).to.include({ verdict: "broken", symptom: "mute" });
    expect(verdict.broken?.candidates).to.include(17);
  });

  it("reports a reset before the answer", async () => {
    const port = await serveTcp((socket) => socket.resetAndDestroy());
    expect((await prove(http(port))).symptom).to.equal("reset");
  });

  it("proves a TCP connection, and reports RST from a closed port", async () => {
    const request = { ask: "tcp", ...soon, address: here } as const;
    const port = await serveTcp(() => undefined);
    expect((await prove({ ...request, port })).verdict).to.equal("proved");
    const closed = await prove({ ...request, port: await closedPort() });
    expect(closed).to.include({ verdict: "broken", symptom: "refused" });
    expect(closed.broken?.hop).to.equal(null);
    expect(closed.broken?.candidates).to.include(17).and.not.include(2);
  });

  it("proves a route", async () => {
    const port = await serveTcp(() => undefined);
    const verdict = await prove({ ask: "route", ...soon, address: here, port });
    expect(verdict.verdict).to.equal("proved");
  });

  for (const transport of ["udp", "tcp"] as const) {
    const serve = transport === "udp" ? serveUdp : serveDnsTcp;
    const request = { ask: "dns", name: "web.test", deadlineSeconds: 0.01, transport } as const;

    it(`proves a DNS answer over ${transport}`, async () => {
      const port = await serve((query) => dnsAnswer(query, ["192.0.2.7"]));
      const verdict = await prove({ ...request, server: `${here}:${port}`, answer: "192.0.2.7" });
      expect(verdict).to.include({ verdict: "proved", lastAnswer: "NOERROR: 192.0.2.7" });
      expect(verdict.hops[0]?.state).to.equal("ok");
    });

    it(`names hop 1 when the answer over ${transport} differs or is empty`, async () => {
      const port = await serve((query) => dnsAnswer(query, ["192.0.2.8"]));
      const other = await prove({ ...request, server: `${here}:${port}`, answer: "192.0.2.7" });
      expect(other.broken?.hop).to.equal(1);
      const empty = await serve((query) => dnsAnswer(query, [], 3));
      const none = await prove({ ...request, server: `${here}:${empty}` });
      expect(none).to.include({ symptom: "wrong answer", lastAnswer: "NXDOMAIN: no address" });
    });
  }

  it("looks up the name in `lookup`, not the name of the check", async () => {
    const asked: string[] = [];
    const port = await serveUdp((query) => {
      asked.push(query.subarray(12).toString("latin1"));
      return dnsAnswer(query, ["192.0.2.7"]);
    });
    const request = { ask: "dns", name: "dns check", lookup: "a.test", transport: "udp" } as const;
    expect((await prove({ ...request, server: `${here}:${port}` })).name).to.equal("dns check");
    expect(asked).to.deep.equal([encodeQuery(0, "a.test", "A").subarray(12).toString("latin1")]);
  });

  it("reports that a server without TCP answers over UDP", async () => {
    const port = await serveUdp((query) => dnsAnswer(query, ["192.0.2.7"]));
    const request = {
      ask: "dns",
      name: "web.test",
      transport: "tcp",
      deadlineSeconds: 0.01,
    } as const;
    const verdict = await prove({ ...request, server: `${here}:${port}` });
    expect(verdict.verdict).to.equal("broken");
    expect(verdict.hops[0]?.evidence).to.include("over UDP: NOERROR: 192.0.2.7");
  });

  it("ignores an answer to another query", async () => {
    const port = await serveUdp(() => dnsAnswer(encodeQuery(0, "x", "A"), ["192.0.2.9"]));
    const request = {
      ask: "dns",
      name: "web.test",
      transport: "udp",
      deadlineSeconds: 0.01,
    } as const;
    const verdict = await prove(
      { ...request, server: `${here}:${port}` },
      { pace: pace(patience) },
    );
    // One query in 65536 has the same number by chance.
    expect(verdict.symptom).to.be.oneOf(["silence", "answer"]);
  });
});
