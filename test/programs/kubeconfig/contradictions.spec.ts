import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { openApi } from "../../../kube/api.ts";
import {
  assertAsConfigured,
  contradictions,
  type Found,
  readKubeProxy,
  readPodNetworks,
} from "../../../programs/kubeconfig/contradictions.ts";
import { CouldNotAsk, UserError } from "../../../messages/errors.ts";
import type { Expectation } from "../../../programs/kubeconfig/request.ts";
import { kubeconfigText, temporaryDirectory } from "../../kube/support.ts";
import { serveHttp, stopServers } from "../../support/servers.ts";
import { nodeWith } from "../../support/nodes.ts";

const expected: Expectation = {
  podNetwork: "10.244.0.0/16",
  kubeProxyMode: "iptables",
  installCalico: true,
  architecture: "amd64",
};
const found: Found = {
  nodes: [nodeWith(), nodeWith({ name: "two" })],
  podNetworks: [
    { node: "one", network: "10.244.0.0/24" },
    { node: "one", network: "fd00::/64" },
  ],
  kubeProxy: { mode: "iptables", strictArp: false },
};
const kubeProxy = (mode: string, strictArp = false) => ({ kubeProxy: { mode, strictArp } });

describe("a configuration and its cluster", () => {
  it("do not contradict each other when they are alike", () => {
    expect(contradictions(expected, found)).to.deep.equal([]);
    assertAsConfigured(expected, found);
  });

  const cases: readonly [string, Partial<Expectation>, Partial<Found>, RegExp | undefined][] = [
    [
      "a node's pods are outside the pod network",
      {},
      { podNetworks: [{ node: "two", network: "10.1.0.0/24" }] },
      /podNetwork: is 10\.244\.0\.0\/16, and the pods of two are in 10\.1\.0\.0\/24/,
    ],
    [
      "a node has another architecture than the images",
      {},
      { nodes: [nodeWith(), nodeWith({ name: "two", architecture: "arm64" })] },
      /provenet:images\.architecture: is amd64, and two is arm64/,
    ],
    [
      "the images have several architectures",
      { architecture: undefined },
      { nodes: [nodeWith({ architecture: "arm64" })] },
      undefined,
    ],
    [
      "kube-proxy has another mode",
      {},
      kubeProxy("nftables"),
      /kubeProxyMode: is iptables, and kube-proxy's mode is nftables; write nftables/,
    ],
    [
      "nothing says that Calico runs next to nftables",
      { kubeProxyMode: "unknown" },
      kubeProxy("nftables"),
      /kubeProxyMode: is missing, and kube-proxy's mode is nftables/,
    ],
    [
      "Calico is not installed next to nftables",
      { kubeProxyMode: "unknown", installCalico: false },
      kubeProxy("nftables"),
      undefined,
    ],
    [
      "Calico runs next to nftables",
      { kubeProxyMode: "nftables" },
      kubeProxy("nftables"),
      undefined,
    ],
    ["the mode cannot be read", { kubeProxyMode: "ipvs" }, { kubeProxy: undefined }, undefined],
    [
      "ipvs lacks what MetalLB needs",
      { kubeProxyMode: "unknown" },
      kubeProxy("ipvs"),
      /ConfigMap kube-system\/kube-proxy: has mode ipvs without strictARP/,
    ],
    ["ipvs has what MetalLB needs", { kubeProxyMode: "ipvs" }, kubeProxy("ipvs", true), undefined],
  ];
  for (const [what, more, other, fault] of cases) {
    it(`${fault ? "contradict" : "do not contradict"} each other when ${what}`, () => {
      const faults = contradictions({ ...expected, ...more }, { ...found, ...other });
      const lines = faults.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
      expect(lines).to.have.length(fault ? 1 : 0);
      if (fault) expect(lines[0]).to.match(fault);
    });
  }

  it("are reported with every contradiction at once", () => {
    const other = { ...found, podNetworks: [{ node: "two", network: "10.1.0.0/24" }] };
    expect(() => {
      assertAsConfigured({ ...expected, architecture: "arm64", kubeProxyMode: "ipvs" }, other);
    }).to.throw(UserError, /podNetwork: [^]*architecture: [^]*kubeProxyMode: /);
  });
});

describe("what a cluster says about itself", () => {
  const directory = temporaryDirectory();
  afterEach(stopServers);
  const api = async (status: number, answer: unknown) => {
    const port = await serveHttp((_, response) => {
      response.writeHead(status).end(JSON.stringify(answer));
    });
    const file = join(directory(), "config");
    writeFileSync(file, kubeconfigText({ server: `http://127.0.0.1:${port}` }));
    return openApi(file);
  };
  const configMap = (text: string) => ({ data: { "config.conf": text } });

  it("has kube-proxy's mode, which is iptables where it is empty", async () => {
    const ipvs = configMap("mode: ipvs\nipvs: {strictARP: true}\n");
    expect(await readKubeProxy(await api(200, ipvs))).to.deep.equal({
      mode: "ipvs",
      strictArp: true,
    });
    expect(await readKubeProxy(await api(200, configMap('mode: ""\nipvs: null\n')))).to.deep.equal({
      mode: "iptables",
      strictArp: false,
    });
  });

  it("has no mode without kube-proxy's ConfigMap, or without the key that kubeadm writes", async () => {
    expect(await readKubeProxy(await api(404, {}))).to.equal(undefined);
    expect(await readKubeProxy(await api(200, {}))).to.equal(undefined);
  });

  for (const [what, status, answer, message] of [
    ["may not be read", 403, { kind: "Status", message: "not yours" }, /answered 403: not yours/],
    ["is no YAML", 200, configMap("a: ["), /config\.conf that is no KubeProxyConfiguration/],
    ["is another document", 200, configMap("mode: 1"), /no KubeProxyConfiguration/],
  ] as const) {
    it(`is not guessed when kube-proxy's ConfigMap ${what}`, async () => {
      const error = await readKubeProxy(await api(status, answer)).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(CouldNotAsk).with.property("message").that.matches(message);
      expect(error).to.have.property("fix").that.is.a("string");
    });
  }

  it("has the pod networks that Kubernetes assigned", async () => {
    const items = [
      { metadata: { name: "one" }, spec: { podCIDRs: ["10.244.0.0/24", "fd00::/64"] } },
      { metadata: { name: "two" }, spec: {} },
      { metadata: { name: "three" } },
    ];
    expect(await readPodNetworks(await api(200, { items }))).to.deep.equal([
      { node: "one", network: "10.244.0.0/24" },
      { node: "one", network: "fd00::/64" },
    ]);
  });
});
