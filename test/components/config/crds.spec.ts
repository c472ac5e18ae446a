import { expect } from "chai";

import { parseCrds, readCrds } from "../../../components/config/crds.ts";

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.18.0
  name: ippools.crd.projectcalico.org
spec:
  group: crd.projectcalico.org
  names: { kind: IPPool, plural: ippools }
  scope: Cluster
status:
  conditions: []
`;

const faultsOf = (text: string): string[] =>
  parseCrds("calico.yaml", text).faults.map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );

describe("definitions", () => {
  it("are read document by document, without their status", () => {
    const second = definition.replaceAll("ippools", "tiers");
    const { crds, faults } = parseCrds("c", `---\n${definition}---\n${second}---\n`);
    expect(faults).to.deep.equal([]);
    expect(crds.map(({ metadata }) => metadata.name)).to.deep.equal([
      "ippools.crd.projectcalico.org",
      "tiers.crd.projectcalico.org",
    ]);
    expect(crds[0]).to.deep.equal({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: "ippools.crd.projectcalico.org",
        annotations: { "controller-gen.kubebuilder.io/version": "v0.18.0" },
      },
      spec: {
        group: "crd.projectcalico.org",
        names: { kind: "IPPool", plural: "ippools" },
        scope: "Cluster",
      },
    });
  });

  const wrong: readonly [string, string, RegExp][] = [
    [
      "another kind",
      definition.replace("CustomResourceDefinition", "ConfigMap"),
      /document 1 is not a CustomResourceDefinition \(kind:/,
    ],
    ["an older version", definition.replace("/v1\n", "/v1beta1\n"), /\(apiVersion:/],
    ["no spec", definition.replace("spec:", "space:"), /\(spec:/],
    [
      "a name that does not fit",
      definition.replace("name: ippools.", "name: pools."),
      /is named "pools\.crd\.projectcalico\.org" but defines ippools\./,
    ],
    ["broken YAML", `${definition}---\n{`, /document 2 is not YAML/],
    ["a web page", "<html>", /document 1 is not a CustomResourceDefinition/],
    ["nothing", "", /holds no CustomResourceDefinition/],
  ];
  for (const [what, text, reason] of wrong) {
    it(`are refused for ${what}, with the remedy`, () => {
      const faults = faultsOf(text);
      expect(faults).to.have.length(1);
      expect(faults[0])
        .to.match(reason)
        .and.match(/^provenet:network.crdsDirectory: .*; run `npm run up`, which writes it/);
    });
  }

  it("are the same from JSON documents, which take less time to read", () => {
    const { crds } = parseCrds("c", definition);
    const json = `---\n${JSON.stringify(crds[0])}\n---\n${JSON.stringify(crds[0])}\n`;
    expect(parseCrds("c", json)).to.deep.equal({
      crds: [...crds, ...crds],
      faults: [],
    });
    // Braces alone make no JSON.
    expect(faultsOf("---\n{ a: 1 }\n")).to.have.length(1);
  });

  it("are refused for every document at once", () => {
    expect(faultsOf("a: 1\n---\nb: 2\n")).to.have.length(2);
  });

  it("that are missing name the file and the command that makes it", () => {
    const { crds, faults } = readCrds("/nonexistent", "calico");
    expect(crds).to.deep.equal([]);
    expect(faults).to.deep.equal([
      {
        propertyPath: "provenet:network.crdsDirectory",
        reason:
          "/nonexistent/calico.yaml cannot be read (ENOENT); run `npm run up`, which writes it",
      },
    ]);
  });
});
