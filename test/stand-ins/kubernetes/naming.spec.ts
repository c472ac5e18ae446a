import { expect } from "chai";

import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import { at } from "../../../stand-ins/kit/values.ts";
import { fieldManagerOf, nameObject } from "../../../stand-ins/kubernetes/naming.ts";
import { operation } from "../support/operation.ts";

const autonamed = (name: string) => ({
  metadata: { name, annotations: { "pulumi.com/autonamed": "true" } },
});

describe("the name of an object", () => {
  it("is the program's name, also an unknown one", () => {
    const named = { metadata: { name: "web" } };
    expect(nameObject(operation(), {}, named)).to.equal(named);
    const unknown = { metadata: { name: unknownMark } };
    expect(nameObject(operation(), {}, unknown)).to.equal(unknown);
  });

  it("is generated when the program gives none", () => {
    const named = nameObject(operation(), {}, { metadata: { annotations: { a: "b" } } });
    expect(at(named, "metadata", "name")).to.match(/^web-[0-9a-f]{8}$/);
    expect(at(named, "metadata", "annotations")).to.deep.equal({
      a: "b",
      "pulumi.com/autonamed": "true",
    });
  });

  it("depends on the seed", () => {
    const nameFor = (seed: number) =>
      at(nameObject(operation({ randomSeed: Uint8Array.of(seed) }), {}, {}), "metadata", "name");
    expect(nameFor(1)).to.equal(nameFor(1));
    expect(nameFor(1)).not.to.equal(nameFor(2));
  });

  it("follows the project's autonaming rules", () => {
    const named = nameObject(operation({ proposedName: "mine" }), {}, {});
    expect(at(named, "metadata", "name")).to.equal("mine");
  });

  it("is required when the project disables autonaming", () => {
    expect(() => nameObject(operation({ proposedName: null }), {}, {})).to.throw(
      "autonaming is disabled",
    );
  });

  it("is kept across updates", () => {
    expect(nameObject(operation(), autonamed("web-1"), {})).to.deep.equal(autonamed("web-1"));
  });

  it("is missing when the program removes its own, so the object is replaced", () => {
    expect(nameObject(operation(), { metadata: { name: "web" } }, {})).to.deep.equal({});
  });
});

describe("the manager of an object's fields", () => {
  it("is the annotation's, the recorded one, or a unique one", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/patchFieldManager": "team" } } };
    expect(fieldManagerOf(annotated, "recorded")).to.equal("team");
    expect(fieldManagerOf({}, "recorded")).to.equal("recorded");
    expect(fieldManagerOf({}, undefined)).to.match(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  });
});
