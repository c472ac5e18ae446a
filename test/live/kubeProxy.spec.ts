import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { stringify } from "yaml";

import { containerFindings } from "../../programs/minikube/kernel.ts";
import { inLab, inShell, npmRun, projectRoot, stateFolder, type Outcome } from "./support/lab.ts";
import { stackFileOf, writeStackFile } from "./support/stackFile.ts";

/** A copy of dev, on two nodes, with another mode of kube-proxy. */
const stack = "t-live-proxy";
const manifest = join(projectRoot, ".provenet", "t-live-local.yaml");
const kernel = containerFindings();

const writeStack = (kubeProxy: object) =>
  writeStackFile(stack, { cluster: { nodes: 2, kubeProxy } });

const kubectl = async (...args: string[]): Promise<string> =>
  (await inShell(stack, "client", ["kubectl", ...args])).stdout.trim();

/** One web server on the first node, behind a Service that keeps to the nodes of its pods. */
const onFirstNode = (address: string) => {
  const metadata = { name: "local", labels: { app: "local" } };
  const server = 'server { listen 8000; location / { return 200 "local\\n"; } }';
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "local.conf": server } },
    {
      ...{ apiVersion: "v1", kind: "Pod", metadata },
      spec: {
        nodeName: stack,
        containers: [
          {
            ...{ name: "web", image: "provenet.lab/web:1.22" },
            volumeMounts: [{ name: "config", mountPath: "/etc/nginx/conf.d" }],
          },
        ],
        volumes: [{ name: "config", configMap: { name: "local" } }],
      },
    },
    {
      ...{ apiVersion: "v1", kind: "Service" },
      metadata: { ...metadata, annotations: { "metallb.io/loadBalancerIPs": address } },
      spec: {
        ...{ type: "LoadBalancer", externalTrafficPolicy: "Local", selector: { app: "local" } },
        ports: [{ port: 80, targetPort: 8000 }],
      },
    },
  ];
};

/** Asks from the client until there is an answer, for at most half a minute. */
async function askForAnswer(address: string): Promise<string> {
  const limit = Date.now() + 30_000;
  for (;;) {
    const { output } = await inLab("client", ["curl", "--silent", "--max-time", "2", address]);
    if (output !== "" || Date.now() > limit) return output;
    await delay(500);
  }
}

describe("kube-proxy in nftables mode", () => {
  const { answer, source } = kernel?.nftables ?? { answer: "unknown", source: "another kernel" };
  let up: Outcome;

  before(async () => {
    await npmRun("down", [stack]);
    await writeStack({ mode: "nftables" });
    up = await npmRun("up", [stack]);
  });

  after(async () => {
    await npmRun("down", [stack]);
    await rm(stackFileOf(stack), { force: true });
    await rm(manifest, { force: true });
  });

  if (answer === "no") {
    it(`is refused before anything is made, because ${source}`, () => {
      expect(up.exitCode).to.equal(1);
      expect(up.output).to.match(/kubeProxy\.mode: "nftables": the nodes' kernel lacks nftables/);
    });
    return;
  }

  it("comes up with the web application's address proved, also by the client", async () => {
    expect(up.exitCode, up.output.slice(-4000)).to.equal(0);
    expect(up.output).to.match(/✓ web /);
    expect(await askForAnswer("192.168.49.201")).to.match(/^provenet web\npod web-/);
  });

  it("is what runs on every node, and Calico writes nftables rules, too", async () => {
    for (const node of [stack, `${stack}-m02`]) {
      const nft = ["docker", "exec", node, "nft", "list", "tables"];
      const { stdout } = await inShell(stack, "router", nft);
      expect(stdout, node)
        .to.match(/table ip kube-proxy/)
        .and.match(/table ip calico/);
    }
    const config = await kubectl(
      "get",
      "configmap",
      "kube-proxy",
      "-n",
      "kube-system",
      "-o",
      "yaml",
    );
    expect(config).to.match(/mode: nftables/);
  });

  it("serves a Service with policy Local whose only pod is on the first node", async () => {
    const address = "192.168.49.220";
    const objects = onFirstNode(address).map((object) => stringify(object));
    await writeFile(manifest, objects.join("---\n"));
    await kubectl("apply", "-f", manifest);
    await kubectl("wait", "--for=condition=Ready", "pod/local", "--timeout=60s");
    expect(await askForAnswer(address)).to.equal("local");
  });
});

describe("kube-proxy in IPVS mode", () => {
  const { answer, source } = kernel?.ipvs ?? { answer: "unknown", source: "another kernel" };
  const expected = answer === "no" ? "is refused before anything is made" : "is not refused";

  before(() => writeStack({ mode: "ipvs", scheduler: "sed" }));
  after(async () => {
    await npmRun("down", [stack]);
    await rm(stackFileOf(stack), { force: true });
  });

  it(`${expected}, because ${source}`, async () => {
    const preview = await npmRun("preview", [stack]);
    const refusal = /kubeProxy\.mode: "ipvs": the nodes' kernel has no IPVS/;
    if (answer !== "no") {
      expect(preview.output).to.not.match(refusal);
      return;
    }
    expect(preview.exitCode).to.equal(1);
    expect(preview.output).to.match(refusal);
    const up = await npmRun("up", [stack]);
    expect(up.exitCode).to.equal(1);
    expect(up.output).to.match(refusal).and.match(/Fix: /);
    expect((await readdir(stateFolder)).filter((file) => file.includes(stack))).to.deep.equal([]);
  });
});
