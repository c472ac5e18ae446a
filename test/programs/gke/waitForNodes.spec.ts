import { expect } from "chai";

import type { KubernetesApi } from "../../../kube/api.ts";
import { CouldNotAsk, UserError } from "../../../messages/errors.ts";
import { waitForNodes } from "../../../programs/gke/waitForNodes.ts";

const node = (name: string, status: "True" | "False") => ({
  metadata: { name },
  status: {
    addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
    conditions: [
      { type: "DiskPressure", status: "True" },
      { type: "Ready", status },
    ],
    nodeInfo: { architecture: "amd64", kernelVersion: "6.8" },
  },
});

/** An API whose lists of nodes are these, the last one again and again. */
function apiWith(...lists: readonly (object[] | CouldNotAsk)[]): KubernetesApi {
  let asked = 0;
  const get = (_: string, schema: { parse(value: unknown): unknown }) => {
    const items = lists[Math.min(asked, lists.length - 1)];
    asked += 1;
    return items instanceof CouldNotAsk
      ? Promise.reject(items)
      : Promise.resolve(schema.parse({ items }));
  };
  return { get } as unknown as KubernetesApi;
}

const limits = { deadlineSeconds: 0.05, pauseSeconds: 0.001 };

describe("the nodes of a cluster in Google Cloud", () => {
  it("are listed once the expected number is Ready, also while the API server is resized", async () => {
    const [one, late, two] = [node("a", "True"), node("b", "False"), node("b", "True")];
    const api = apiWith([one], new CouldNotAsk("resized"), [one, late], [one, two]);
    const names = (await waitForNodes(api, 2, limits)).map(({ name }) => name);
    expect(names).to.deep.equal(["a", "b"]);
  });

  it("end the run with their number when one does not become Ready", async () => {
    const api = apiWith([node("a", "True"), node("b", "False")]);
    const error = await waitForNodes(api, 2, limits).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.match(/^1 of 2 nodes are Ready/);
  });
});
