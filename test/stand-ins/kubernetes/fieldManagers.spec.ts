import { expect } from "chai";

import type { Properties } from "../../../stand-ins/kit/values.ts";
import {
  adoptedFields,
  hasPlainUpdates,
  ownersOf,
} from "../../../stand-ins/kubernetes/fieldManagers.ts";

const entry = (
  manager: string,
  operation: string,
  fieldsV1: Properties,
  more: Properties = {},
) => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsV1,
  ...more,
});
const object = (...managedFields: Properties[]): Properties => ({ metadata: { managedFields } });

describe("the managed fields of an object", () => {
  it("move from the creating manager to the applying one", () => {
    const live = object(
      entry("pulumi-kubernetes", "Update", { "f:data": { "f:a": {} } }),
      entry("controller", "Update", { "f:status": {} }, { subresource: "status" }),
    );
    expect(hasPlainUpdates(live)).to.equal(true);
    expect(adoptedFields(live, "ours")).to.deep.equal([
      entry("ours", "Apply", { "f:data": { "f:a": {} } }),
      entry("controller", "Update", { "f:status": {} }, { subresource: "status" }),
    ]);
  });

  it("are merged with the manager's fields, including kubectl's", () => {
    const live = object(
      entry("ours", "Apply", { "f:data": { "f:a": {} } }),
      entry("kubectl", "Update", { "f:data": { "f:b": {} } }),
    );
    expect(adoptedFields(live, "ours")).to.deep.equal([
      entry("ours", "Apply", { "f:data": { "f:a": {}, "f:b": {} } }),
    ]);
  });

  it("stay the same when there is nothing to adopt", () => {
    const live = object(
      entry("ours", "Apply", { "f:data": {} }),
      entry("someone", "Update", { "f:spec": {} }),
      entry("kubectl", "Update", { "f:status": {} }, { subresource: "status" }),
    );
    expect(adoptedFields(live, "ours")).to.equal(undefined);
    expect(hasPlainUpdates(live)).to.equal(false);
  });

  it("name the owners of a field", () => {
    const live = object(
      entry("ours", "Apply", { "f:spec": { "f:a": {}, "f:b": {} } }),
      entry("scaler", "Update", { "f:spec": { "f:b": {}, "f:c": {} } }),
    );
    expect(ownersOf(live, "ours", ["spec", "a"])).to.deep.equal({ ours: true, theirs: false });
    expect(ownersOf(live, "ours", ["spec", "b"])).to.deep.equal({ ours: true, theirs: true });
    expect(ownersOf(live, "ours", ["spec", "c"])).to.deep.equal({ ours: false, theirs: true });
    expect(ownersOf(live, "ours", ["spec", "d"])).to.deep.equal({ ours: false, theirs: false });
  });
});
