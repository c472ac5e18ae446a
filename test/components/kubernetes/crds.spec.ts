import { expect } from "chai";
import * as fc from "fast-check";

import {
  createCrds,
  crdArgs,
  faultsInCrds,
  toSdkKeys,
  withoutConversion,
} from "../../../components/kubernetes/crds.ts";
import { record } from "../../support/recording.ts";
import { crd } from "../../support/crds.ts";

describe("CRDs", () => {
  it("get the SDK's keys for every schema extension at any depth", () => {
    expect(
      toSdkKeys({
        properties: {
          a: {
            "x-kubernetes-int-or-string": true,
            anyOf: [{ "x-kubernetes-list-type": "atomic" }],
          },
        },
        "x-kubernetes-validations": [{ rule: "self" }],
      }),
    ).to.deep.equal({
      properties: {
        a: { x_kubernetes_int_or_string: true, anyOf: [{ x_kubernetes_list_type: "atomic" }] },
      },
      x_kubernetes_validations: [{ rule: "self" }],
    });
  });

  it("keep every other key, even with dashes", () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => !JSON.stringify(value).includes("x-kubernetes-")),
        (value) => {
          expect(toSdkKeys(value)).to.deep.equal(value);
        },
      ),
    );
    expect(toSdkKeys({ "x-kubernetes-of-mine": 1 })).to.deep.equal({ "x-kubernetes-of-mine": 1 });
  });

  it("leave out what the API server writes", () => {
    const published = {
      ...crd("a.b.c", { group: "b.c" }),
      metadata: { name: "a.b.c", creationTimestamp: null, annotations: { from: "upstream" } },
      status: { conditions: [] },
    };
    expect(crdArgs(published)).to.deep.equal({
      metadata: { name: "a.b.c", annotations: { from: "upstream" } },
      spec: { group: "b.c" },
    });
  });

  it("lose a conversion webhook, and only that", () => {
    const plain = crd("a.b.c", { group: "b.c" });
    const converted = crd("a.b.c", { group: "b.c", conversion: { strategy: "Webhook" } });
    expect(withoutConversion(converted).spec).to.deep.equal({
      group: "b.c",
      conversion: { strategy: "None" },
    });
    expect(withoutConversion(plain)).to.equal(plain);
  });

  it("are refused with all faults at once when one is missing or repeated", () => {
    const faults = faultsInCrds("crds", [crd("a.x"), crd("a.x")], ["a.x", "b.x", "c.x"]);
    expect(faults.map(({ reason }) => reason.split(";")[0])).to.deep.equal([
      "lacks b.x",
      "lacks c.x",
      "holds a.x twice",
    ]);
  });

  it("are accepted when they hold all needed ones and more", () => {
    const manifests = [crd("a.x"), crd("b.x")];
    expect(faultsInCrds("crds", manifests, ["b.x"])).to.deep.equal([]);
  });

  it("become one resource each, named by owner and CRD", async () => {
    const { resources } = await record(() => {
      createCrds("calico", [crd("a.x"), crd("b.x")], {});
    });
    expect(resources.map(({ name }) => name)).to.deep.equal(["calico-a.x", "calico-b.x"]);
  });
});
