import { expect } from "chai";
import fc from "fast-check";

import { isSameQuantity, nanosOf } from "../../../stand-ins/kubernetes/quantities.ts";

const cpuPath = ["spec", "containers", 0, "resources", "limits", "cpu"];

describe("Kubernetes quantities", () => {
  const equals: [string, string][] = [
    ["1000m", "1"],
    ["1024Mi", "1Gi"],
    ["0.5", "500m"],
    ["1e3", "1k"],
    ["1.5Gi", "1536Mi"],
    ["100n", "0.1u"],
    [".5", "500m"],
    ["-2", "-2000m"],
  ];
  for (const [one, other] of equals) {
    it(`count ${one} as ${other}`, () => {
      expect(nanosOf(one)).to.equal(nanosOf(other)).and.not.to.equal(undefined);
    });
  }

  for (const none of ["", ".", "abc", "1 Gi", "1KiB", "1e", "1e999", null, true, undefined]) {
    it(`know that ${JSON.stringify(none)} is none`, () => {
      expect(nanosOf(none)).to.equal(undefined);
    });
  }

  it("keep apart what differs", () => {
    expect(nanosOf("1G")).not.to.equal(nanosOf("1Gi"));
    expect(nanosOf("1m")).not.to.equal(nanosOf("1M"));
  });

  it("count whole numbers exactly, however large", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (count) => {
        expect(nanosOf(String(count))).to.equal(count * 10n ** 9n);
        expect(nanosOf(`${count}Ki`)).to.equal(count * 1024n * 10n ** 9n);
      }),
    );
  });

  it("are compared where a built-in kind has them", () => {
    expect(isSameQuantity("", cpuPath, "1000m", "1")).to.equal(true);
    expect(isSameQuantity("", ["spec", "hard", "pods"], "1k", "1000")).to.equal(true);
    expect(isSameQuantity("", cpuPath, "1000m", "2")).to.equal(false);
  });

  it("are not compared elsewhere, where 1 and 1.0 may differ", () => {
    expect(isSameQuantity("", ["data", "limits", "cpu"], "1.0", "1")).to.equal(false);
    expect(isSameQuantity("", ["spec", "containers", 0, "env", 0, "value"], "1.0", "1")).to.equal(
      false,
    );
    expect(isSameQuantity("metallb.io", cpuPath, "1000m", "1")).to.equal(false);
  });
});
