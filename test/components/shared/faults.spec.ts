import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { describeFaults } from "../../../messages/faults.ts";
import { rejectFaults } from "../../../components/shared/faults.ts";

/** Stands for a component: only what an error needs of it. */
const resource = Object.create(pulumi.ComponentResource.prototype) as pulumi.Resource;

describe("faults", () => {
  const faults = [
    { propertyPath: "addresses[0]", reason: "is no block" },
    { propertyPath: "name", reason: "is empty" },
  ];

  it("are described one a line, the place before the reason", () => {
    expect(describeFaults(faults)).to.equal("  addresses[0]: is no block\n  name: is empty");
  });

  it("are rejected all at once, without a stack", () => {
    let caught: unknown;
    try {
      rejectFaults(resource, faults);
    } catch (error) {
      caught = error;
    }
    if (!pulumi.ResourceError.isInstance(caught)) throw new Error("no ResourceError was thrown");
    expect(caught.message).to.equal("2 faults:\n  addresses[0]: is no block\n  name: is empty");
    expect(caught.hideStack).to.equal(true);
    expect(caught.resource).to.equal(resource);
  });

  it("do not reject what has none", () => {
    rejectFaults(resource, []);
  });
});
