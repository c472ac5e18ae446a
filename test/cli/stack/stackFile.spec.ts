import { expect } from "chai";
import fc from "fast-check";
import { parse, stringify } from "yaml";

import {
  assertDriverIsBuilt,
  clusterKind,
  effectiveStackFile,
  parseStackFile,
  usesLabImages,
} from "../../../cli/stack/stackFile.ts";
import { UserError } from "../../../messages/errors.ts";

const text = `# Mine.
config:
  provenet:cluster: { kind: minikube, nodes: 2, nodeNetwork: 192.168.60.0/24 }
  provenet:network:
    pools:
      - name: home
        addresses: ["192.168.60.200-192.168.60.239"]
      - name: extra # one more
        addresses: [192.168.60.64/28]
  provenet:apps: { web: { pool: extra, replicas: 010 } }
  gcp:project: mine
`;
const file = parseStackFile(text, "Pulumi.dev.yaml");
const source = "Pulumi.dev.yaml";

const effective = (of: string, recorded = {}) =>
  effectiveStackFile(parseStackFile(of, source), recorded, source);

describe("the effective stack file", () => {
  it("is the user's text byte for byte, after a line that names the file", () => {
    expect(effectiveStackFile(file, {}, source)).to.equal(
      `# Generated from Pulumi.dev.yaml on each run. Edit that file.\n${text}`,
    );
  });

  it("adds the recorded salt and nothing else", () => {
    const made = effectiveStackFile(file, { encryptionsalt: "v1:kept" }, source);
    expect(made.startsWith(effectiveStackFile(file, {}, source))).to.equal(true);
    expect(parse(made)).to.deep.equal({ ...parse(text), encryptionsalt: "v1:kept" });
  });

  it("keeps the salt of the user's file", () => {
    const made = effective(`encryptionsalt: own\n${text}`, { encryptionsalt: "kept" });
    expect(parse(made)).to.deep.equal({ ...parse(text), encryptionsalt: "own" });
  });

  for (const [title, of] of [
    ["is empty", ""],
    ["has only a comment", "# nothing yet"],
    ["has no line break at its end", "config: {a:b: c}"],
    ["is written in braces", "{config: {a:b: c}}\n"],
    ["starts and ends as a document", "---\nconfig:\n  a:b: c\n...\n"],
    ["starts with a byte order mark", "\uFEFFconfig:\n  a:b: c\n"],
    ["has an empty config", "config:\n"],
  ] as const) {
    it(`keeps the config of a file that ${title}`, () => {
      const { config, encryptionsalt } = parse(effective(of, { encryptionsalt: "s" })) as Record<
        string,
        unknown
      >;
      expect(config ?? {}).to.deep.equal(parseStackFile(of, source).config);
      expect(encryptionsalt).to.equal("s");
    });
  }

  it("keeps any config", () => {
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
      fc.property(fc.dictionary(key, tree), (config) => {
        const written = stringify({ config });
        const made = parse(effective(written, { encryptionsalt: "s" })) as unknown;
        expect(JSON.stringify(made)).to.equal(JSON.stringify({ config, encryptionsalt: "s" }));
      }),
    );
  });
});

describe("a stack file", () => {
  it("has no config when it is empty", () => {
    expect(parseStackFile("", source).config).to.deep.equal({});
  });

  it("has the engine's keys about secrets apart from the config", () => {
    const { secrets, config } = parseStackFile("encryptionsalt: s\nconfig: {a:b: c}\n", "f");
    expect({ secrets, config }).to.deep.equal({
      secrets: { encryptionsalt: "s" },
      config: { "a:b": "c" },
    });
  });

  for (const [broken, message] of [
    ["config: [", /^Pulumi\.dev\.yaml:\d+ is not valid YAML/],
    ["- a\n", /is not a map with the key config/],
    ["config: 7\n", /config in Pulumi\.dev\.yaml is not a map: 7/],
  ] as const) {
    it(`is refused with its name when it is ${JSON.stringify(broken)}`, () => {
      expect(() => parseStackFile(broken, source)).to.throw(UserError, message);
    });
  }
});

describe("the kind of cluster in a stack file", () => {
  it("is read from a map and from JSON text", () => {
    expect(clusterKind(file)).to.equal("minikube");
    expect(clusterKind({ config: { "provenet:cluster": '{"kind": "gke"}' } })).to.equal("gke");
  });

  it("is undefined when it is missing or malformed", () => {
    expect(clusterKind({ config: {} })).to.equal(undefined);
    expect(clusterKind({ config: { "provenet:cluster": "{" } })).to.equal(undefined);
    expect(clusterKind({ config: { "provenet:cluster": { kind: 3 } } })).to.equal(undefined);
  });
});

describe("the images of a stack file", () => {
  it("come from the lab only when the file names the lab", () => {
    expect(usesLabImages({ config: { "provenet:images": { source: "lab" } } })).to.equal(true);
    expect(usesLabImages({ config: { "provenet:images": { source: "upstream" } } })).to.equal(
      false,
    );
    expect(usesLabImages(file)).to.equal(false);
  });
});

describe("the driver kvm2", () => {
  it("is refused with the minikube that provenet builds, and with no other", () => {
    const check = (driver: string, officialMinikube: boolean) => () => {
      const cluster = `{kind: minikube, profile: a, driver: ${driver}}`;
      const file = parseStackFile(`config: {"provenet:cluster": ${cluster}}`, "Pulumi.dev.yaml");
      assertDriverIsBuilt("dev", file, { officialMinikube });
    };
    expect(check("kvm2", false)).to.throw(UserError, "Pulumi.dev.yaml has the driver kvm2");
    check("kvm2", true)();
    check("docker", false)();
  });
});
