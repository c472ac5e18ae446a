import { expect } from "chai";

import { calicoPolicyNamesItsTypes as rule } from "../../../../policies/rules/calico/calico-policy-names-its-types.ts";
import { messagesOf, unknown } from "../../support.ts";

const type = "kubernetes:crd.projectcalico.org/v1:NetworkPolicy";
const log = [{ action: "Log" }];
const run = (spec: unknown, of = type) => messagesOf(rule, { type: of, props: { spec } });

describe("calico-policy-names-its-types", () => {
  for (const spec of [
    { types: ["Ingress"], ingress: log },
    { types: ["Ingress", "Egress"], ingress: log, egress: log },
    { types: ["Egress"] },
    { types: ["Ingress"], ingress: log, egress: [] },
    { types: unknown },
    { types: [unknown], egress: log },
    unknown,
  ]) {
    it(`accepts ${JSON.stringify(spec)}`, async () => {
      expect(await run(spec)).to.deep.equal([]);
    });
  }

  it("rejects a policy without types and names the directions of its rules", async () => {
    const start = "spec.types is not set, which means both directions. Fix: set";
    expect(await run({ ingress: log })).to.deep.equal([`${start} ["Ingress"]`]);
    expect(await run({ egress: log, types: [] })).to.deep.equal([`${start} ["Egress"]`]);
    expect(await run({})).to.deep.equal([`${start} ["Ingress", "Egress"]`]);
  });

  it("rejects rules whose direction is not in types", async () => {
    expect(await run({ types: ["Ingress"], ingress: log, egress: log })).to.deep.equal([
      "spec.types omits Egress, so spec.egress has no effect. Fix: add Egress",
    ]);
  });

  it("rejects an unknown direction", async () => {
    expect(await run({ types: ["Ingress", "egress"] })).to.deep.equal([
      "spec.types[1] is egress. Fix: set Ingress or Egress",
    ]);
  });

  it("checks global policies and the API server's group, but no NetworkPolicy of Kubernetes", async () => {
    const checked = [
      "crd.projectcalico.org/v1:GlobalNetworkPolicy",
      "projectcalico.org/v3:NetworkPolicy",
    ];
    for (const kind of checked) expect(await run({}, `kubernetes:${kind}`), kind).to.have.length(1);

    const ignored = ["networking.k8s.io/v1:NetworkPolicy", "crd.projectcalico.org/v1:IPPool"];
    for (const kind of ignored) expect(await run({}, `kubernetes:${kind}`), kind).to.be.empty;
  });
});
