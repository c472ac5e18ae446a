import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { z } from "zod";

import { KubernetesError, openKubernetes } from "../../kube/reader.ts";
import { prove } from "../../probe/prove.ts";
import { closedPort, serveHttp, serveTcp, stopServers } from "../probe/servers.ts";

const secret = "planted-token";

function kubeconfigFor(server: string, user: object = { token: secret }): string {
  // JSON is YAML.
  return JSON.stringify({
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user }],
  });
}

describe("the probe's view of a cluster", () => {
  let folder = "";
  const write = async (text: string) => {
    const file = join(folder, "kubeconfig");
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "probe-"));
  });
  afterEach(stopServers);
  after(() => rm(folder, { recursive: true }));

  it("reads an object with the token of the kubeconfig, and finds none as undefined", async () => {
    const tokens: (string | undefined)[] = [];
    const port = await serveHttp(({ headers, url }, response) => {
      tokens.push(headers.authorization);
      response.writeHead(url === "/a" ? 200 : 404).end('{"x":1}');
    });
    const api = openKubernetes(await write(kubeconfigFor(`http://127.0.0.1:${port}`)));
    expect(await api.get("/a", z.object({ x: z.number() }))).to.deep.equal({ x: 1 });
    expect(await api.get("/b", z.unknown())).to.equal(undefined);
    api.close();
    expect(tokens).to.deep.equal([`Bearer ${secret}`, `Bearer ${secret}`]);
  });

  const faults: readonly [string, string, string][] = [
    ["is no YAML", `a: [${secret}`, "is not YAML"],
    ["has no clusters", `{token: ${secret}}`, "is no usable kubeconfig: current-context"],
    [
      "has no such context",
      kubeconfigFor("http://x").replace('"here"', '"there"'),
      'context "there"',
    ],
    [
      "runs a program",
      kubeconfigFor("http://x", { exec: { command: "x" } }),
      "asks another program",
    ],
  ];
  for (const [what, text, why] of faults) {
    it(`is refused without quoting a secret when the kubeconfig ${what}`, async () => {
      const file = await write(text);
      let error: unknown;
      try {
        openKubernetes(file);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(KubernetesError);
      expect(String(error)).to.contain(why).and.not.contain(secret);
    });
  }

  const service = { namespace: "web", name: "web" };

  it("leaves the address unknown when the API is away, and still proves the rest", async () => {
    const port = await serveTcp(() => undefined);
    const kubeconfig = await write(kubeconfigFor(`http://127.0.0.1:${await closedPort()}`));
    const request = { ask: "tcp", name: "a", address: "127.0.0.1", port, service } as const;
    const verdict = await prove(request, { kubeconfig });
    expect(verdict.verdict).to.equal("proved");
    expect(verdict.hops[8]).to.include({ state: "unknown" });
    expect(verdict.hops[8]?.evidence[0]).to.contain("does not answer");
    expect(verdict.unknown).to.include(9);
  });

  it("finds an address broken that answers while nothing advertises its pool", async () => {
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
    const kubeconfig = await write(kubeconfigFor(`http://127.0.0.1:${port}`));
    const request = { ask: "tcp", name: "a", address: "127.0.0.1", port, service } as const;
    const verdict = await prove(request, { kubeconfig });
    expect(verdict).to.include({ verdict: "broken", symptom: "answer" });
    expect(verdict.broken?.hop).to.equal(9);
    expect(verdict.broken?.why).to.contain("no L2Advertisement selects the pool home");
  });
});
