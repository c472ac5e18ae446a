import { expect } from "chai";

import { calicoPolicyNamesItsTypes as rule } from "../../../../policies/rules/calico/calico-policy-names-its-types.ts";
import { messagesOf, unknown } from "../../support.ts";

const type = "kubernetes:crd.projectcalico.org/v1:NetworkPolicy";
const log = [{ action: "Log" }];
const ask = (spec: unknown, of = type) => messagesOf(rule, { type: of, props: { spec } });

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
    it(`takes ${JSON.stringify(spec)}`, async () => {
      expect(await ask(spec)).to.deep.equal([]);
    });
  }

  it("refuses a policy without types, and names those it has rules for", async () => {
    const start = "spec.types is not set, which means both directions; set";
    expect(await ask({ ingress: log })).to.deep.equal([`${start} ["Ingress"]`]);
    expect(await ask({ egress: log, types: [] })).to.deep.equal([`${start} ["Egress"]`]);
    expect(await ask({})).to.deep.equal([`${start} ["Ingress", "Egress"]`]);
  });

  it("refuses rules that its types leave out", async () => {
    expect(await ask({ types: ["Ingress"], ingress: log, egress: log })).to.deep.equal([
      "spec.types leaves out Egress, so spec.egress has no effect; add Egress",
    ]);
  });

  it("refuses a word that is no direction", async () => {
    expect(await ask({ types: ["Ingress", "egress"] })).to.deep.equal([
      "spec.types[1] is egress; set Ingress or Egress",
    ]);
  });

  it("looks at global policies and at the API server's group, not at Kubernetes' own", async () => {
    for (const of of [
      "kubernetes:crd.projectcalico.org/v1:GlobalNetworkPolicy",
      "kubernetes:projectcalico.org/v3:NetworkPolicy",
    ]) expect(await ask({}, of), of).to.have.length(1);
    for (const of of [
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "kubernetes:crd.projectcalico.org/v1:IPPool",
    ]) expect(await ask({}, of), of).to.deep.equal([]);
  });
});
