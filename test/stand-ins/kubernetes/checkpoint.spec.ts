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
  it("holds the live object beside its inputs, under the official names", () => {
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

  it("writes schema keywords as the SDK reads them, and reads them back", () => {
    const definition = { spec: { "x-kubernetes-list-type": "map", "x-other": 1 } };
    const { value } = checkpointOf({ value: definition, secrets: [] }, definition, "m", "v1");
    expect(value.spec).to.deep.equal({ x_kubernetes_list_type: "map", "x-other": 1 });
    expect(readCheckpoint(value).live).to.deep.equal(definition);
  });

  it("is secret wherever the inputs are, in the inputs' copy too", () => {
    const inputs = { value: live, secrets: [["data", "a"]] };
    const { secrets } = checkpointOf(inputs, live, "m", "v1");
    expect(secrets).to.deep.equal([
      ["data", "a"],
      ["__inputs", "data", "a"],
    ]);
  });

  it("hides a whole list when something in it is secret, as its order may change", () => {
    expect(secretPaths(live, [["list", 1, "a"]])).to.deep.equal([["list"]]);
  });

  it("hides nothing for a secret that did not come back", () => {
    expect(secretPaths(live, [["data", "c"]])).to.deep.equal([]);
  });

  it("hides a Secret's data whether or not the program said so", () => {
    const secret = { kind: "Secret", data: { a: "eA==" }, stringData: { b: "y" }, type: "Opaque" };
    expect(secretPaths(secret, [])).to.deep.equal([["data"], ["stringData"]]);
    expect(secretPaths({ ...secret, kind: "ConfigMap" }, [])).to.deep.equal([]);
  });
});
