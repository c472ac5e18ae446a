import { expect } from "chai";

import {
  checkpointOf,
  readCheckpoint,
  secretPaths,
} from "../../../stand-ins/kubernetes/checkpoint.ts";

const live = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "m", uid: "1" },
  data: { a: "x", b: "y" },
  list: [{ a: 1 }, { a: 2 }],
};

describe("the state of an object", () => {
  it("contains the live object and its inputs under the official keys", () => {
    const inputs = {
      value: { apiVersion: "v1", kind: "ConfigMap", data: { a: "x" } },
      secrets: [],
    };
    const { value } = checkpointOf(inputs, live, "pulumi-kubernetes-12345678", "v1");
    expect(value).to.deep.equal({
      ...live,
      __inputs: inputs.value,
      __initialApiVersion: "v1",
      __fieldManager: "pulumi-kubernetes-12345678",
    });
    expect(readCheckpoint(value)).to.deep.equal({
      inputs: inputs.value,
      live,
      fieldManager: "pulumi-kubernetes-12345678",
      initialApiVersion: "v1",
    });
  });

  it("renames schema keywords in both directions", () => {
    const crd = { spec: { "x-kubernetes-list-type": "map", "x-other": 1 } };
    const { value } = checkpointOf({ value: crd, secrets: [] }, crd, "m", "v1");
    expect(value.spec).to.deep.equal({ x_kubernetes_list_type: "map", "x-other": 1 });
    expect(readCheckpoint(value).live).to.deep.equal(crd);
  });

  it("is secret where the inputs are secret", () => {
    const inputs = { value: live, secrets: [["data", "a"]] };
    const { secrets } = checkpointOf(inputs, live, "m", "v1");
    expect(secrets).to.deep.equal([
      ["data", "a"],
      ["__inputs", "data", "a"],
    ]);
  });

  it("hides a whole list that contains a secret", () => {
    expect(secretPaths(live, [["list", 1, "a"]])).to.deep.equal([["list"]]);
  });

  it("hides nothing for a secret that the API server dropped", () => {
    expect(secretPaths(live, [["data", "c"]])).to.deep.equal([]);
  });

  it("hides a Secret's data even if the program does not mark it", () => {
    const secret = { kind: "Secret", data: { a: "eA==" }, stringData: { b: "y" }, type: "Opaque" };
    expect(secretPaths(secret, [])).to.deep.equal([["data"], ["stringData"]]);
    expect(secretPaths({ ...secret, kind: "ConfigMap" }, [])).to.deep.equal([]);
  });
});
