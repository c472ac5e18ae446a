import { expect } from "chai";

import { PodVantage } from "../../../components/verification/podVantage.ts";
import { named, record } from "../../support/recording.ts";

const run = () => record(() => ({ pods: new PodVantage("vantage", { image: "vantage:1" }).pods }));

describe("PodVantage", () => {
  it("says where its pods are, in a namespace that refuses privileges", async () => {
    const { result, resources } = await run();
    expect(result.pods).to.deep.equal({
      namespace: "vantage",
      selector: "app.kubernetes.io/name=vantage,app.kubernetes.io/instance=vantage",
    });
    expect(named(resources, "vantage-namespace").inputs).to.deep.include({
      metadata: {
        name: "vantage",
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    });
  });

  it("has a pod on every node with Linux, whatever its taints", async () => {
    const { inputs } = named((await run()).resources, "vantage-pods");
    expect(inputs)
      .to.have.nested.property("spec.template.spec.tolerations")
      .that.deep.equals([{ operator: "Exists" }]);
    expect(inputs)
      .to.have.nested.property("spec.template.spec.nodeSelector")
      .that.deep.equals({ "kubernetes.io/os": "linux" });
  });

  it("runs without root, privileges, a token or a writable image", async () => {
    const { inputs } = named((await run()).resources, "vantage-pods");
    const { spec } = (inputs as { spec: { template: { spec: Record<string, unknown> } } }).spec
      .template;
    expect(spec).to.deep.include({
      automountServiceAccountToken: false,
      securityContext: {
        ...{ runAsNonRoot: true, runAsUser: 101, runAsGroup: 101 },
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(spec)
      .to.have.nested.property("containers[0].securityContext")
      .that.deep.equals({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
  });
});
