import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { z } from "zod";

import { openApi } from "../../kube/api.ts";
import { CouldNotAsk } from "../../messages/errors.ts";
import { prove } from "../../probe/prove.ts";
import { closedPort, serveHttp, serveTcp, stopServers } from "../support/servers.ts";
import { kubeconfigText, secret, temporaryDirectory } from "./support.ts";

describe("the API of a cluster", () => {
  const directory = temporaryDirectory();
  const write = (port: number, path = "") => {
    const file = join(directory(), "config");
    writeFileSync(file, kubeconfigText({ server: `http://127.0.0.1:${port}${path}` }));
    return file;
  };
  afterEach(stopServers);

  it("is read with the kubeconfig's token, and a missing object is undefined", async () => {
    const tokens: (string | undefined)[] = [];
    const port = await serveHttp(({ headers, url }, response) => {
      tokens.push(headers.authorization);
      response.writeHead(url === "/a" ? 200 : 404).end('{"x":1}');
    });
    const api = openApi(write(port));
    expect(await api.get("/a", z.object({ x: z.number() }))).to.deep.equal({ x: 1 });
    expect(await api.get("/b", z.unknown())).to.equal(undefined);
    expect(tokens).to.deep.equal([`Bearer ${secret}`, `Bearer ${secret}`]);
  });

  it("keeps the path of the server's URL", async () => {
    const port = await serveHttp(({ url }, response) => response.end(JSON.stringify(url)));
    expect(await openApi(write(port, "/one/")).get("/a", z.string())).to.equal("/one/a");
  });

  it("waits until the server is ready", async () => {
    let calls = 0;
    const port = await serveHttp((_, response) => {
      response.writeHead(++calls < 3 ? 500 : 200).end("ok");
    });
    await openApi(write(port)).waitUntilReady(60);
    expect(calls).to.equal(3);
  });

  const faults: readonly [string, Parameters<typeof serveHttp>[0], string][] = [
    [
      "refuses",
      (_, response) => response.writeHead(403).end('{"kind":"Status","message":"not yours"}'),
      "answered 403: not yours",
    ],
    [
      "quotes the request",
      ({ headers }, response) => response.writeHead(500).end(headers.authorization),
      "answered 500",
    ],
    [
      "quotes the request in another object",
      ({ headers }, response) =>
        response.writeHead(500).end(JSON.stringify({ message: headers.authorization })),
      "answered 500",
    ],
    ["sends something else", (_, response) => response.end("<html>"), "unexpected shape"],
    ["sends nothing", () => undefined, "no answer within 0.2 s"],
    ["hangs up", ({ socket }) => socket.destroy(), "did not answer /a"],
  ];
  for (const [what, listener, why] of faults) {
    it(`is reported, without a credential, when it ${what}`, async () => {
      const file = write(await serveHttp(listener));
      let error: unknown;
      try {
        await openApi(file, { timeoutSeconds: what === "sends nothing" ? 0.2 : 60 }).get(
          "/a",
          z.object({}),
        );
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(CouldNotAsk);
      expect(String(error)).to.contain(why).and.not.contain(secret);
    });
  }

  const service = { namespace: "web", name: "web" };

  it("leaves hop 9 unknown when it is away, and the probe still proves the rest", async () => {
    const port = await serveTcp(() => undefined);
    const kubeconfig = write(await closedPort());
    const request = { ask: "tcp", name: "a", address: "127.0.0.1", port, service } as const;
    const verdict = await prove(request, { kubeconfig });
    expect(verdict.verdict).to.equal("proved");
    expect(verdict.hops[8]).to.include({ state: "unknown" });
    expect(verdict.hops[8]?.evidence[0]).to.contain("did not answer");
    expect(verdict.unknown).to.include(9);
  });

  it("shows the probe an address that answers while nothing advertises its pool", async () => {
    const metadata = { name: "home", namespace: "metallb-system" };
    const objects: Record<string, unknown> = {
      "/api/v1/namespaces/web/services/web": {
        metadata: service,
        spec: { type: "LoadBalancer" },
        status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } },
      },
      "/apis/metallb.io/v1beta1/ipaddresspools": {
        items: [{ metadata, spec: { addresses: ["127.0.0.0/8"] } }],
      },
      "/apis/metallb.io/v1beta1/l2advertisements": { items: [] },
    };
    const port = await serveHttp(({ url = "" }, response) => {
      const object = objects[url];
      response.writeHead(object === undefined ? 404 : 200).end(JSON.stringify(object));
    });
    const request = { ask: "tcp", name: "a", address: "127.0.0.1", port, service } as const;
    const verdict = await prove(request, { kubeconfig: write(port) });
    expect(verdict).to.include({ verdict: "broken", symptom: "answer" });
    expect(verdict.broken?.hop).to.equal(9);
    expect(verdict.broken?.why).to.contain("no L2Advertisement selects the pool home");
  });
});
