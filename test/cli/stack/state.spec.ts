import { expect } from "chai";

import { readState } from "../../../cli/stack/state.ts";

describe("an exported stack", () => {
  const exported = {
    version: 3,
    deployment: {
      secrets_providers: { type: "passphrase", state: { salt: "v1:a" } },
      resources: [{ urn: "urn:a", type: "t" }, { urn: "urn:b" }],
      pending_operations: [{ type: "creating", resource: { urn: "urn:c" } }],
    },
  };

  it("names its resources and the operations that a killed engine had begun", () => {
    expect(readState(exported)).to.deep.equal({
      ...{ resources: ["urn:a", "urn:b"], pending: ["urn:c"], salt: "v1:a" },
    });
  });

  it("is empty for a stack that was never updated", () => {
    expect(readState({ version: 3, deployment: {} })).to.deep.equal({
      ...{ resources: [], pending: [], salt: undefined },
    });
  });

  it("is refused in another form", () => {
    expect(() => readState({ checkpoint: {} })).to.throw(/deployment/);
  });
});
