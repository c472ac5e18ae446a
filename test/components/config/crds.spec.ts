import { expect } from "chai";

import { parseDefinitions, readDefinitions } from "../../../components/config/crds.ts";

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
  parseDefinitions("calico.yaml", text).faults.map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );

describe("definitions", () => {
  it("are read document by document, without their status", () => {
    const second = definition.replaceAll("ippools", "tiers");
    const { definitions, faults } = parseDefinitions("c", `---\n${definition}---\n${second}---\n`);
    expect(faults).to.deep.equal([]);
    expect(definitions.map(({ metadata }) => metadata.name)).to.deep.equal([
      "ippools.crd.projectcalico.org",
      "tiers.crd.projectcalico.org",
    ]);
    expect(definitions[0]).to.deep.equal({
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
      /document 1 is no CustomResourceDefinition \(kind:/,
    ],
    ["an older version", definition.replace("/v1\n", "/v1beta1\n"), /\(apiVersion:/],
    ["no spec", definition.replace("spec:", "space:"), /\(spec:/],
    [
      "a name that does not fit",
      definition.replace("name: ippools.", "name: pools."),
      /is named "pools\.crd\.projectcalico\.org" and defines ippools\./,
    ],
    ["broken YAML", `${definition}---\n{`, /document 2 is not YAML/],
    ["a web page", "<html>", /document 1 is no CustomResourceDefinition/],
    ["nothing", "", /holds no CustomResourceDefinition/],
  ];
  for (const [what, text, reason] of wrong) {
    it(`are refused for ${what}, with the remedy`, () => {
      const faults = faultsOf(text);
      expect(faults).to.have.length(1);
      expect(faults[0])
        .to.match(reason)
        .and.match(/^provenet:definitionsDirectory: .*"npm run up" prepares it/);
    });
  }

  it("are the same from JSON documents, which take less time to read", () => {
    const { definitions } = parseDefinitions("c", definition);
    const json = `---\n${JSON.stringify(definitions[0])}\n---\n${JSON.stringify(definitions[0])}\n`;
    expect(parseDefinitions("c", json)).to.deep.equal({
      definitions: [...definitions, ...definitions],
      faults: [],
    });
    // Braces alone make no JSON.
    expect(faultsOf("---\n{ a: 1 }\n")).to.have.length(1);
  });

  it("are refused for every document at once", () => {
    expect(faultsOf("a: 1\n---\nb: 2\n")).to.have.length(2);
  });

  it("that are missing name the file and the command that makes it", () => {
    const { definitions, faults } = readDefinitions("/nonexistent", "calico");
    expect(definitions).to.deep.equal([]);
    expect(faults).to.deep.equal([
      {
        propertyPath: "provenet:definitionsDirectory",
        reason:
          '/nonexistent/calico.yaml cannot be read (ENOENT); "npm run up" prepares it, "npm run doctor" says from where',
      },
    ]);
  });
});
