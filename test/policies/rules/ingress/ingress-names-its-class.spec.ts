import { expect } from "chai";

import { ingressNamesItsClass as rule } from "../../../../policies/rules/ingress/ingress-names-its-class.ts";
import { messagesOf, unknown } from "../../support.ts";

const type = "kubernetes:networking.k8s.io/v1:Ingress";
const ask = (props: Record<string, unknown>, of = type) => messagesOf(rule, { type: of, props });

describe("ingress-names-its-class", () => {
  it("takes a class, known or not", async () => {
    expect(await ask({ spec: { ingressClassName: "nginx" } })).to.deep.equal([]);
    expect(await ask({ spec: { ingressClassName: unknown } })).to.deep.equal([]);
    expect(await ask({ spec: unknown })).to.deep.equal([]);
  });

  for (const props of [{ spec: {} }, { spec: { ingressClassName: "" } }, {}]) {
    it(`refuses ${JSON.stringify(props)}`, async () => {
      expect(await ask(props)).to.deep.equal([
        "spec.ingressClassName is not set; set the controller's class, such as nginx",
      ]);
    });
  }

  it("says what to make of the old annotation", async () => {
    const annotations = { "kubernetes.io/ingress.class": "public" };
    expect(await ask({ metadata: { annotations }, spec: {} })).to.deep.equal([
      'spec.ingressClassName is not set; set public and remove metadata.annotations["kubernetes.io/ingress.class"], which is deprecated',
    ]);
  });

  it("looks at the older group too, and at nothing else", async () => {
    expect(await ask({ spec: {} }, "kubernetes:extensions/v1beta1:Ingress")).to.have.length(1);
    expect(await ask({ spec: {} }, "kubernetes:networking.k8s.io/v1:IngressClass")).to.be.empty;
    expect(await ask({ spec: {} }, "kubernetes:example.com/v1:Ingress")).to.deep.equal([]);
  });
});
