import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { openApi } from "../../kube/api.ts";
import { readNodes, readReadiness } from "../../kube/nodes.ts";
import { CouldNotAsk } from "../../messages/errors.ts";
import { serveHttp, stopServers } from "../support/servers.ts";
import { kubeconfigText, temporaryDirectory } from "./support.ts";

describe("the nodes of a cluster", () => {
  const directory = temporaryDirectory();
  const open = async (status: number, answer: unknown) => {
    const port = await serveHttp((_, response) => {
      response.writeHead(status).end(JSON.stringify(answer));
    });
    const file = join(directory(), "config");
    writeFileSync(file, kubeconfigText({ server: `http://127.0.0.1:${port}` }));
    return openApi(file);
  };
  const read = async (status: number, answer: unknown) => readNodes(await open(status, answer));
  afterEach(stopServers);

  const nodeInfo = { architecture: "arm64", kernelVersion: "6.6.95", bootID: "1" };
  const node = (name: string, type: string, spec: object = {}) => ({
    metadata: { name, labels: { zone: "a" }, uid: "1" },
    spec,
    status: {
      addresses: [
        { type, address: "192.0.2.1" },
        { type, address: "2001:db8::1" },
      ],
      nodeInfo,
    },
  });

  it("have facts, by name, and an internal address each", async () => {
    const items = [node("b", "InternalIP"), node("c", "Hostname"), node("a", "InternalIP")];
    const nodes = await read(200, { items });
    expect(nodes.map(({ name }) => name)).to.deep.equal(["a", "b"]);
    expect(nodes[0]).to.deep.equal({
      name: "a",
      address: "192.0.2.1",
      labels: { zone: "a" },
      taints: [],
      architecture: "arm64",
      kernelVersion: "6.6.95",
    });
  });

  it("have taints with and without a value", async () => {
    const taints = [
      { key: "role", effect: "NoSchedule" },
      { key: "disk", value: "slow", effect: "PreferNoSchedule" },
    ];
    const given = taints.map((taint) => ({ ...taint, timeAdded: "2026-01-01T00:00:00Z" }));
    const nodes = await read(200, { items: [node("a", "InternalIP", { taints: given })] });
    expect(nodes[0]?.taints).to.deep.equal(taints);
  });

  it("are not guessed when the API server has no list", async () => {
    let error: unknown;
    try {
      await read(404, {});
    } catch (thrown) {
      error = thrown;
    }
    expect(error).to.be.instanceOf(CouldNotAsk);
    expect(String(error)).to.contain("no list of nodes");
  });

  it("are Ready only with a condition that is True", async () => {
    const condition = (name: string, ...conditions: object[]) => ({
      metadata: { name },
      status: { conditions },
    });
    const readiness = await readReadiness(
      await open(200, {
        items: [
          condition(
            "yes",
            { type: "DiskPressure", status: "False" },
            { type: "Ready", status: "True" },
          ),
          condition("no", {
            type: "Ready",
            status: "False",
            message: "cni plugin not initialized",
          }),
          condition("silent", {
            type: "Ready",
            status: "Unknown",
            message: "Kubelet stopped posting",
          }),
          condition("new"),
        ],
      }),
    );
    expect([...readiness]).to.deep.equal([
      ["yes", undefined],
      ["no", "cni plugin not initialized"],
      ["silent", "Kubelet stopped posting"],
      ["new", "no condition"],
    ]);
  });
});
