import { expect } from "chai";
import fc from "fast-check";

import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import { normalise, prune, withEmptyInputs } from "../../../stand-ins/kubernetes/normalise.ts";
import type { Properties } from "../../../stand-ins/kit/values.ts";

const secret = (more: Properties): Properties => ({ apiVersion: "v1", kind: "Secret", ...more });

describe("inputs as the API server stores them", () => {
  it("have no nulls and no read-only metadata", () => {
    const inputs = {
      kind: "Pod",
      metadata: { name: "p", uid: "1", resourceVersion: "2", labels: null },
      spec: { a: null, b: [null, { c: null }] },
    };
    expect(normalise(inputs)).to.deep.equal({
      kind: "Pod",
      metadata: { name: "p" },
      spec: { b: [null, {}] },
    });
  });

  it("have a Secret's stringData encoded over its data", () => {
    expect(
      normalise(secret({ data: { a: "eA==", b: "eQ==" }, stringData: { b: "z" } })),
    ).to.deep.equal(secret({ data: { a: "eA==", b: "eg==" } }));
  });

  it("keep unknown values of a Secret", () => {
    expect(normalise(secret({ stringData: { a: unknownMark } }))).to.deep.equal(
      secret({ data: { a: unknownMark } }),
    );
    const whole = secret({ stringData: unknownMark });
    expect(normalise(whole)).to.deep.equal(whole);
  });

  it("encode any text of a Secret reversibly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const { data } = normalise(secret({ stringData: { text } })) as { data: { text: string } };
        expect(Buffer.from(data.text, "base64").toString()).to.equal(text);
      }),
    );
  });

  it("keep the data of other kinds", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", stringData: { a: "x" } };
    expect(normalise(map)).to.deep.equal(map);
  });

  it("have no status in a CRD", () => {
    const crd = {
      kind: "CustomResourceDefinition",
      spec: { preserveUnknownFields: false, group: "g" },
      status: {},
    };
    expect(normalise(crd)).to.deep.equal({
      kind: "CustomResourceDefinition",
      spec: { group: "g" },
    });
  });
});

describe("a live object in the shape of its inputs", () => {
  it("keeps the program's fields with live values", () => {
    const live = { a: { b: 2, added: 1 }, list: [{ x: 1, y: 2 }, { x: 3 }], other: 1 };
    expect(prune(live, { a: { b: 1 }, list: [{ x: 0 }] })).to.deep.equal({
      a: { b: 2 },
      list: [{ x: 1 }],
    });
  });

  it("keeps a value whose type has changed", () => {
    expect(prune({ a: [1], b: { c: 1 } }, { a: { x: 1 }, b: "text" })).to.deep.equal({
      a: [1],
      b: { c: 1 },
    });
  });

  it("lacks deleted fields", () => {
    expect(prune({}, { a: 1 })).to.deep.equal({});
  });

  it("gets back only the empty inputs", () => {
    const requested = { off: false, empty: {}, on: true, deep: { zero: 0 }, list: [{ none: "" }] };
    expect(withEmptyInputs({ deep: {}, list: [{}] }, requested)).to.deep.equal({
      off: false,
      empty: {},
      deep: { zero: 0 },
      list: [{ none: "" }],
    });
  });
});
