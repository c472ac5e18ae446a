import { unknownCheckingProxy } from "@pulumi/policy";
import { expect } from "chai";
import fc from "fast-check";

import { Property } from "../../../policies/sdk/property.ts";
import { unknown } from "../support.ts";

const property = (props: object) =>
  Property.of((unknownCheckingProxy as (props: object) => object)(props));

describe("a property", () => {
  it("has a path for messages", () => {
    const annotations = property({}).at("metadata", "annotations", "metallb.io/address-pool");
    expect(annotations.path).to.equal('metadata.annotations["metallb.io/address-pool"]');
    const [, second] = property({ a: [1, { b: 2 }] })
      .at("a")
      .items();
    expect(second?.at("b").path).to.equal("a[1].b");
    expect(property({}).at("a-b", "c").path).to.equal('["a-b"].c');
  });

  it("is missing if a key or a parent is missing or null", () => {
    const props = property({ a: null, b: "text", c: [] });
    for (const keys of [["a"], ["a", "x"], ["b", "length"], ["c", "length"], ["d", "e"]]) {
      expect(props.at(...keys).isMissing, keys.join(".")).to.be.true;
      expect(props.at(...keys).isUnknown, keys.join(".")).to.be.false;
    }
  });

  it("is unknown if its value or a parent is unknown", () => {
    const props = property({ a: unknown, b: [unknown, 1] });
    expect(props.at("a").isUnknown).to.be.true;
    expect(props.at("a", "deeper", "still").isUnknown).to.be.true;
    expect(props.at("a").isMissing).to.be.false;
    expect(props.at("a").items()).to.deep.equal([]);
    const [first, second] = props.at("b").items();
    expect(first?.isUnknown).to.be.true;
    expect(second?.number).to.equal(1);
  });

  it("returns a value only as its own type", () => {
    const props = property({ text: "1", number: 1, flag: true, list: [1] });
    expect([props.at("text").text, props.at("text").number]).to.deep.equal(["1", undefined]);
    expect([props.at("number").text, props.at("number").number]).to.deep.equal([undefined, 1]);
    expect([props.at("flag").isTrue, props.at("number").isTrue]).to.deep.equal([true, false]);
    expect(props.at("list").entries()).to.deep.equal([]);
    expect(props.entries().map(([key]) => key)).to.deep.equal(["text", "number", "flag", "list"]);
  });

  it("does not come from an object's prototype", () => {
    expect(property({}).at("constructor").isMissing).to.be.true;
    expect(property({ a: [] }).at("a", "map").isMissing).to.be.true;
  });

  it("throws other errors", () => {
    const props = Object.defineProperty({}, "a", {
      get: () => {
        throw new TypeError("broken");
      },
    });
    expect(() => Property.of(props).at("a")).to.throw(TypeError, "broken");
  });

  it("never throws for any path in any object", () => {
    fc.assert(
      fc.property(fc.object(), fc.array(fc.string()), (props, keys) => {
        const found = property(props).at(...keys);
        expect(found.items()).to.be.an("array");
        expect(found.entries()).to.be.an("array");
      }),
      { numRuns: 50 },
    );
  });
});
