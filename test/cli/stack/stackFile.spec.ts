import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";

import { CommandFault } from "../../../cli/report/fault.ts";
import {
  clusterKind,
  formatStackFile,
  overlayStackFile,
  parseStackFile,
  secretKeys,
} from "../../../cli/stack/stackFile.ts";

const base = parseStackFile(
  `config:
  provenet:cluster: { kind: minikube, nodes: 2 }
  provenet:web: { pool: home, host: web.test }
  provenet:pools: [{ name: home }]
  gcp:project: mine
`,
  "Pulumi.dev.yaml",
);

describe("the effective stack file", () => {
  it("merges maps key by key", () => {
    const { config } = overlayStackFile(base, { web: { pool: "routed" } });
    expect(config["provenet:web"]).to.deep.equal({ pool: "routed", host: "web.test" });
  });

  it("replaces lists whole", () => {
    const { config } = overlayStackFile(base, { pools: [{ name: "routed" }] });
    expect(config["provenet:pools"]).to.deep.equal([{ name: "routed" }]);
  });

  it("adds keys that the file does not have, and keeps those of other programs", () => {
    const { config } = overlayStackFile(base, { imageSource: "lab" });
    expect(config["provenet:imageSource"]).to.equal("lab");
    expect(config["gcp:project"]).to.equal("mine");
  });

  it("leaves what was read unchanged", () => {
    overlayStackFile(base, { web: { pool: "routed" } });
    expect(base.config["provenet:web"]).to.deep.equal({ pool: "home", host: "web.test" });
  });

  it("takes the salt that the file itself has before the one on record", () => {
    const salted = { ...base, encryptionsalt: "own" };
    expect(overlayStackFile(salted, {}, { encryptionsalt: "kept" })["encryptionsalt"]).to.equal(
      "own",
    );
    expect(overlayStackFile(base, {}, { encryptionsalt: "kept" })["encryptionsalt"]).to.equal(
      "kept",
    );
  });

  it("reads back as what was written, with a first line that names its source", () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/);
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean()),
      tree: fc.oneof(
        { maxDepth: 3 },
        tie("leaf"),
        fc.dictionary(key, tie("tree")),
        fc.array(tie("leaf")),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree), (overlay) => {
        const text = formatStackFile(overlayStackFile({ config: {} }, overlay), "Pulumi.dev.yaml");
        expect(text.split("\n")[0]).to.contain("Pulumi.dev.yaml");
        const { config } = parse(text) as { config: Record<string, unknown> };
        const read = Object.entries(config).map(([name, value]) => [
          name.slice("provenet:".length),
          value,
        ]);
        expect(JSON.stringify(Object.fromEntries(read))).to.equal(JSON.stringify(overlay));
      }),
    );
  });

  it("has no config when the file is empty", () => {
    expect(parseStackFile("", "Pulumi.dev.yaml").config).to.deep.equal({});
  });

  it("keeps the engine's keys about secrets apart from the config", () => {
    const file = parseStackFile("encryptionsalt: s\nconfig: {a:b: c}\n", "f");
    expect(secretKeys(file)).to.deep.equal({ encryptionsalt: "s" });
  });

  for (const [text, message] of [
    ["config: [", /Pulumi\.dev\.yaml is no YAML: line \d/],
    ["- a\n", /must be a map with the key config/],
    ["config: 7\n", /config in Pulumi\.dev\.yaml must be a map, got 7/],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} with its file and place`, () => {
      expect(() => parseStackFile(text, "Pulumi.dev.yaml")).to.throw(CommandFault, message);
    });
  }
});

describe("the kind of cluster in a stack file", () => {
  it("is read from a map and from JSON text", () => {
    expect(clusterKind(base)).to.equal("minikube");
    expect(clusterKind({ config: { "provenet:cluster": '{"kind": "gke"}' } })).to.equal("gke");
  });

  it("is unknown when it is missing or of another form", () => {
    expect(clusterKind({ config: {} })).to.equal(undefined);
    expect(clusterKind({ config: { "provenet:cluster": "{" } })).to.equal(undefined);
    expect(clusterKind({ config: { "provenet:cluster": { kind: 3 } } })).to.equal(undefined);
  });
});
