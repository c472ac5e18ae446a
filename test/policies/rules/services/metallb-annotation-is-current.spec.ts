import { expect } from "chai";

import { metallbAnnotationIsCurrent as rule } from "../../../../policies/rules/services/metallb-annotation-is-current.ts";
import { messagesOf, unknown } from "../../support.ts";

const run = (annotations: unknown, type = "kubernetes:core/v1:Service") =>
  messagesOf(rule, { type, props: { metadata: { annotations } } });

describe("metallb-annotation-is-current", () => {
  it("warns of each annotation with the deprecated prefix", async () => {
    const old = { "metallb.universe.tf/address-pool": "home", "metallb.universe.tf/x": unknown };
    expect(await run(old)).to.deep.equal([
      'metadata.annotations["metallb.universe.tf/address-pool"] uses the deprecated prefix. Fix: rename it to metallb.io/address-pool',
      'metadata.annotations["metallb.universe.tf/x"] uses the deprecated prefix. Fix: rename it to metallb.io/x',
    ]);
    expect(rule.enforcementLevel).to.equal("advisory");
  });

  it("accepts the current prefix, no annotations and unknown ones", async () => {
    for (const annotations of [{ "metallb.io/address-pool": "home" }, {}, unknown]) {
      expect(await run(annotations)).to.deep.equal([]);
    }
  });

  it("ignores other kinds", async () => {
    const old = { "metallb.universe.tf/address-pool": "home" };
    expect(await run(old, "kubernetes:core/v1:ConfigMap")).to.deep.equal([]);
  });
});
