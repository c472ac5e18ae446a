import { expect } from "chai";
import fc from "fast-check";

import { formatPath, liesUnder, parsePath } from "../../../stand-ins/kit/paths.ts";
import type { Path } from "../../../stand-ins/kit/values.ts";

const cases: [string, Path][] = [
  ["spec.replicas", ["spec", "replicas"]],
  ["spec.ports[0].name", ["spec", "ports", 0, "name"]],
  ['metadata.annotations["metallb.io/pool"]', ["metadata", "annotations", "metallb.io/pool"]],
  ['data["a\\"b"]', ["data", 'a"b']],
  ["metadata.labels.app-name", ["metadata", "labels", "app-name"]],
  ["spec.containers[*].image", ["spec", "containers", "*", "image"]],
];

describe("property paths", () => {
  for (const [text, path] of cases) {
    it(`read ${text}`, () => {
      expect(parsePath(text)).to.deep.equal(path);
    });
  }

  it("are written as the engine writes them", () => {
    expect(formatPath(["spec", "ports", 0, "name"])).to.equal("spec.ports[0].name");
    expect(formatPath(["metadata", "annotations", "a.b/c"])).to.equal(
      'metadata.annotations["a.b/c"]',
    );
    expect(formatPath(["metadata", "labels", "app-name"])).to.equal("metadata.labels.app-name");
  });

  it("are unchanged by formatting and parsing", () => {
    const step = fc.oneof(
      fc.nat({ max: 99 }),
      fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9./"_-]{0,8}$/).filter((name) => !name.includes("\\")),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (path) => {
        expect(parsePath(formatPath(path))).to.deep.equal(path);
      }),
    );
  });

  it("are refused with the position of the error", () => {
    expect(() => parsePath("spec.[x")).to.throw('"spec.[x" is not a property path (at ".[x")');
    expect(() => parsePath("a[")).to.throw("not a property path");
  });

  it("are below their prefixes only", () => {
    expect(liesUnder(["a", "b", 0], ["a", "b"])).to.equal(true);
    expect(liesUnder(["a", "b"], ["a", "b"])).to.equal(true);
    expect(liesUnder(["a", 3, "c"], ["a", "*"])).to.equal(true);
    expect(liesUnder(["a"], ["a", "b"])).to.equal(false);
    expect(liesUnder(["ab"], ["a"])).to.equal(false);
    expect(liesUnder(["a"], ["a", "*"])).to.equal(false);
  });
});
