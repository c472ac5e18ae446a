import { expect } from "chai";

import { ingressNamesItsClass as rule } from "../../../../policies/rules/ingress/ingress-names-its-class.ts";
import { messagesOf, unknown } from "../../support.ts";

const type = "kubernetes:networking.k8s.io/v1:Ingress";
const run = (props: Record<string, unknown>, of = type) => messagesOf(rule, { type: of, props });

describe("ingress-names-its-class", () => {
  it("accepts a class, known or not", async () => {
    expect(await run({ spec: { ingressClassName: "nginx" } })).to.deep.equal([]);
    expect(await run({ spec: { ingressClassName: unknown } })).to.deep.equal([]);
    expect(await run({ spec: unknown })).to.deep.equal([]);
  });

  for (const props of [{ spec: {} }, { spec: { ingressClassName: "" } }, {}]) {
    it(`rejects ${JSON.stringify(props)}`, async () => {
      expect(await run(props)).to.deep.equal([
        "spec.ingressClassName is not set. Fix: set the controller's class, such as nginx",
      ]);
    });
  }

  it("replaces the deprecated annotation in its fix", async () => {
    const annotations = { "kubernetes.io/ingress.class": "public" };
    expect(await run({ metadata: { annotations }, spec: {} })).to.deep.equal([
      'spec.ingressClassName is not set. Fix: set public and remove metadata.annotations["kubernetes.io/ingress.class"], which is deprecated',
    ]);
  });

  it("checks the former group, and no other kinds", async () => {
    expect(await run({ spec: {} }, "kubernetes:extensions/v1beta1:Ingress")).to.have.length(1);
    expect(await run({ spec: {} }, "kubernetes:networking.k8s.io/v1:IngressClass")).to.be.empty;
    expect(await run({ spec: {} }, "kubernetes:example.com/v1:Ingress")).to.deep.equal([]);
  });
});
