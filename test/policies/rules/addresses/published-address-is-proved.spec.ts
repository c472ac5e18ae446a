import { expect } from "chai";

import { publishedAddressIsProved as rule } from "../../../../policies/rules/addresses/published-address-is-proved.ts";
import { changed, unknown, violationsOf, type Subject } from "../../support.ts";

const service: Subject = {
  type: "kubernetes:core/v1:Service",
  name: "web-load-balancer",
  props: { spec: { type: "LoadBalancer" } },
};
const ingress: Subject = {
  type: "kubernetes:networking.k8s.io/v1:Ingress",
  name: "web-ingress",
  props: { spec: { ingressClassName: "nginx" } },
};
const check: Subject = { type: "provenet:verification:HttpCheck", name: "web", props: {} };
const probe: Subject = {
  type: "command:local:Command",
  name: "web-probe",
  props: { stdin: unknown },
  parent: "web",
  dependsOn: ["web-load-balancer", "web-ingress"],
};
const compliant = [service, ingress, check, probe];
const run = (...subjects: readonly Subject[]) => violationsOf(rule, subjects);

const unprovedService = {
  message:
    "no check reaches the address of this LoadBalancer Service. Fix: publish an endpoint with the address from its status.loadBalancer",
  resource: "web-load-balancer",
};
const unprovedIngress = {
  message:
    "no check requests a host of this Ingress. Fix: publish an endpoint with the address from its status.loadBalancer",
  resource: "web-ingress",
};

describe("published-address-is-proved", () => {
  it("accepts a Service and an Ingress that a check's probe depends on", async () => {
    expect(await run(...compliant)).to.deep.equal([]);
  });

  it("accepts proof by two checks", async () => {
    const first = { ...probe, dependsOn: ["web-load-balancer"] };
    const second = { ...probe, name: "ingress-probe", dependsOn: ["web-ingress"] };
    expect(await run(service, ingress, check, first, second)).to.deep.equal([]);
  });

  for (const [what, subjects, expected] of [
    [
      "a Service that no probe depends on",
      [service, ingress, check, { ...probe, dependsOn: ["web-ingress"] }],
      [unprovedService],
    ],
    [
      "an Ingress that no probe depends on",
      [service, ingress, check, { ...probe, dependsOn: ["web-load-balancer"] }],
      [unprovedIngress],
    ],
    ["a stack without checks", [service, ingress], [unprovedService, unprovedIngress]],
    [
      "a command outside verification",
      [service, ingress, { ...check, type: "provenet:apps:WebApplication" }, probe],
      [unprovedService, unprovedIngress],
    ],
    [
      "a command without a parent",
      [service, ingress, { ...probe, parent: "" }],
      [unprovedService, unprovedIngress],
    ],
    [
      "a check that depends on them without a probe",
      [service, ingress, { ...check, dependsOn: ["web-load-balancer", "web-ingress"] }],
      [unprovedService, unprovedIngress],
    ],
    [
      "a probe that depends on them only through another resource",
      [
        service,
        ingress,
        check,
        { ...check, name: "between", dependsOn: ["web-load-balancer", "web-ingress"] },
        { ...probe, dependsOn: ["between"] },
      ],
      [unprovedService, unprovedIngress],
    ],
  ] as const) {
    it(`rejects ${what}`, async () => {
      expect(await run(...subjects)).to.deep.equal(expected);
    });
  }

  it("rejects an Ingress of the former group", async () => {
    const former = { ...ingress, type: "kubernetes:extensions/v1beta1:Ingress" };
    expect(await run(former)).to.deep.equal([unprovedIngress]);
  });

  for (const value of ["ClusterIP", "NodePort", undefined, unknown]) {
    it(`ignores a Service of type ${value ?? "undefined"}`, async () => {
      expect(await run(changed(service, ["spec", "type"], value))).to.deep.equal([]);
    });
  }

  it("ignores other kinds and Services without a spec", async () => {
    const others = ["kubernetes:networking.k8s.io/v1:IngressClass", "example:core/v1:Service"];
    for (const type of others) expect(await run({ ...service, type })).to.deep.equal([]);
    expect(await run({ ...service, props: {} })).to.deep.equal([]);
    expect(await run({ ...service, props: { spec: unknown } })).to.deep.equal([]);
  });
});
