import { expect } from "chai";

import { metallbAnnotationIsCurrent as rule } from "../../../../policies/rules/services/metallb-annotation-is-current.ts";
import { messagesOf, unknown } from "../../support.ts";

const ask = (annotations: unknown, type = "kubernetes:core/v1:Service") =>
  messagesOf(rule, { type, props: { metadata: { annotations } } });

describe("metallb-annotation-is-current", () => {
  it("gives a hint for each annotation with the old prefix", async () => {
    const old = { "metallb.universe.tf/address-pool": "home", "metallb.universe.tf/x": unknown };
    expect(await ask(old)).to.deep.equal([
      'metadata.annotations["metallb.universe.tf/address-pool"] has the old prefix; set metallb.io/address-pool instead',
      'metadata.annotations["metallb.universe.tf/x"] has the old prefix; set metallb.io/x instead',
    ]);
    expect(rule.enforcementLevel).to.equal("advisory");
  });

  it("takes the current prefix, none, and what nobody knows yet", async () => {
    for (const annotations of [{ "metallb.io/address-pool": "home" }, {}, unknown]) {
      expect(await ask(annotations)).to.deep.equal([]);
    }
  });

  it("says nothing of other kinds", async () => {
    const old = { "metallb.universe.tf/address-pool": "home" };
    expect(await ask(old, "kubernetes:core/v1:ConfigMap")).to.deep.equal([]);
  });
});
