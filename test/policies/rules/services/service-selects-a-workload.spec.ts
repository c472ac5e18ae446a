import { expect } from "chai";

import { serviceSelectsAWorkload as rule } from "../../../../policies/rules/services/service-selects-a-workload.ts";
import { changed, deployment, unknown, violationsOf, type Subject } from "../../support.ts";

const service: Subject = {
  type: "kubernetes:core/v1:Service",
  name: "service",
  props: { metadata: { namespace: "web" }, spec: { selector: { app: "web" } } },
};
const selector = ["spec", "selector"];
const namespace = ["metadata", "namespace"];
const labels = ["spec", "template", "metadata", "labels"];
const run = (subject: Subject, workload: Subject = deployment, configuration = {}) =>
  violationsOf(rule, [workload, subject], configuration);

describe("service-selects-a-workload", () => {
  for (const value of [{ app: "web" }, { app: "web", tier: "front" }, { app: unknown }, unknown]) {
    it(`accepts the selector ${JSON.stringify(value)}`, async () => {
      expect(await run(changed(service, selector, value))).to.deep.equal([]);
    });
  }

  for (const [value, text] of [
    [{ app: "wep" }, "app=wep"],
    [{ app: "web", tier: "back" }, "app=web,tier=back"],
    [{ role: "web" }, "role=web"],
    [{ app: unknown, role: "web" }, "app=?,role=web"],
  ] as const) {
    it(`rejects the selector ${text}`, async () => {
      expect(await run(changed(service, selector, value))).to.deep.equal([
        {
          message: `spec.selector ${text} selects no workload in web. Fix: set the labels of the workload's spec.template.metadata.labels`,
          resource: "service",
        },
      ]);
    });
  }

  it("rejects a workload in another namespace and names that namespace", async () => {
    const [violation] = await run(changed(service, namespace, "shop"));
    expect(violation?.message).to.equal(
      "spec.selector app=web selects no workload in shop, only one in web. Fix: set metadata.namespace to web",
    );
  });

  it("uses the provider's namespace, else default, when a namespace is missing", async () => {
    const bare = changed(service, namespace, undefined);
    expect(await run(bare)).to.have.length(1);
    expect(await run({ ...bare, provider: { namespace: "web" } })).to.deep.equal([]);
    const inDefault = changed(deployment, namespace, "default");
    expect(await run(bare, inDefault)).to.deep.equal([]);
  });

  it("accepts unknown namespaces and labels", async () => {
    const other = changed(service, selector, { app: "other" });
    expect(await run(changed(service, namespace, unknown))).to.deep.equal([]);
    expect(await run(other, changed(deployment, namespace, unknown))).to.have.length(1);
    expect(await run(other, changed(deployment, labels, unknown))).to.deep.equal([]);
    expect(await run(other, changed(deployment, [...labels, "app"], unknown))).to.deep.equal([]);
    expect(await run(service, changed(deployment, ["spec"], unknown))).to.deep.equal([]);
  });

  it("reads the pods of every kind of workload", async () => {
    for (const kind of ["apps/v1:StatefulSet", "apps/v1:DaemonSet", "batch/v1:Job"]) {
      const workload = { ...deployment, type: `kubernetes:${kind}` };
      expect(await run(service, workload), kind).to.deep.equal([]);
    }
    const { metadata, spec } = deployment.props as Record<"metadata" | "spec", object>;
    const template = (spec as { template: { metadata: object } }).template;
    const pod = { ...template, metadata: { ...metadata, ...template.metadata } };
    const subject = { type: "kubernetes:core/v1:Pod", name: "pod", props: pod };
    expect(await run(service, subject)).to.deep.equal([]);
    expect(await run(service, { ...subject, type: "kubernetes:core/v1:Secret" })).to.have.length(1);
  });

  it("accepts kube-dns, in kube-system only", async () => {
    const dns = changed(service, selector, { "k8s-app": "kube-dns" });
    expect(await run(changed(dns, namespace, "kube-system"))).to.deep.equal([]);
    const [violation] = await run(dns);
    expect(violation?.message).to.contain("only one in kube-system");
  });

  it("accepts the pods that its settings name", async () => {
    const podsOutside = [{ namespace: "web", labels: { app: "old" } }];
    const old = changed(service, selector, { app: "old" });
    expect(await run(old, deployment, { podsOutside })).to.deep.equal([]);
    expect(await run(old)).to.have.length(1);
  });

  it("ignores Services without a selector and other kinds", async () => {
    expect(await run(changed(service, selector, undefined))).to.deep.equal([]);
    expect(await run(changed(service, selector, {}))).to.deep.equal([]);
    expect(await run(changed(service, ["spec"], undefined))).to.deep.equal([]);
    const other = changed(service, selector, { app: "x" });
    const type = "kubernetes:policy/v1:PodDisruptionBudget";
    expect(await run({ ...other, type })).to.deep.equal([]);
  });
});
