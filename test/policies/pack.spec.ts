import { globSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";

import { reference } from "../../policies/reference.ts";
import { rules } from "../../policies/rules/all.ts";
import { Pack } from "./startedPack.ts";
import { changed, container, deployment, secret, unknown, type Subject } from "./support.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { Empty } = createRequire(import.meta.url)("google-protobuf/google/protobuf/empty_pb.js") as {
  Empty: new () => object;
};

const { ADVISORY, MANDATORY } = analyzer.EnforcementLevel;

describe("the policy pack", () => {
  let pack: Pack;
  before(async function () {
    this.timeout(31_000);
    pack = await Pack.start(AbortSignal.timeout(30_000));
  });
  after(() => (pack as Pack | undefined)?.stop());

  it("registers every rule with its level and settings", async () => {
    type Information = InstanceType<typeof analyzer.AnalyzerInfo>;
    const information = await pack.call<Information>("getAnalyzerInfo", new Empty());
    expect(information.getName()).to.equal("provenet");
    const registered = information.getPoliciesList().map((policy) => ({
      name: policy.getName(),
      level: policy.getEnforcementlevel(),
      settings: policy.getConfigschema()?.getProperties()?.toJavaScript(),
    }));
    expect(registered).to.deep.equal(
      rules.map(({ name, enforcementLevel, configSchema }) => ({
        name,
        level: enforcementLevel === "advisory" ? ADVISORY : MANDATORY,
        settings: configSchema?.properties,
      })),
    );
  });

  it("accepts a compliant resource", async () => {
    expect(await pack.analyze(deployment)).to.deep.equal([]);
    expect(await pack.analyzeStack(deployment)).to.deep.equal([]);
  });

  it("reports the rule, its level and the fix", async () => {
    const found = await pack.analyze(changed(deployment, [...container, "image"], "nginx"));
    expect(found.map(([rule, level]) => [rule, level])).to.deep.equal([
      ["image-is-pinned", MANDATORY],
    ]);
    expect(found[0]?.[2]).to.contain("containers[0].image is nginx. Fix: set NAME@sha256:DIGEST");
  });

  it("accepts unknown values", async () => {
    const type = deployment.type;
    for (const props of [{ metadata: unknown, spec: unknown }, { spec: { template: unknown } }]) {
      expect(await pack.analyze({ type, props })).to.deep.equal([]);
    }
  });

  it("reads the inputs of objects without outputs", async () => {
    const service = { type: "kubernetes:core/v1:Service", name: "web" };
    await pack.analyze({ ...service, props: { spec: { selector: { app: "web" } } } });
    const found = await pack.analyzeStack({ ...service, props: {} });
    expect(found.map(([rule]) => rule)).to.deep.equal(["service-selects-a-workload"]);
  });

  it("decodes assets and archives", async () => {
    const asset = {
      [specialSigKey]: specialAssetSig,
      text: "kind: ConfigMap",
    };
    const archive = { [specialSigKey]: specialArchiveSig, assets: { a: asset } };
    const props = { ...deployment.props, asset, archive };
    expect(await pack.analyze({ ...deployment, props })).to.deep.equal([]);
  });

  it("distinguishes secret values, which the SDK hides from rules", async () => {
    const stack = (kubeconfig: unknown): Subject => ({
      type: "pulumi:pulumi:Stack",
      name: "dev",
      props: { kubeconfig },
    });
    expect(await pack.analyzeStack(stack(secret(unknown)))).to.deep.equal([]);
    const found = await pack.analyzeStack(stack(unknown));
    expect(found.map(([rule, level]) => [rule, level])).to.deep.equal([
      ["kubeconfig-is-secret", MANDATORY],
    ]);
  });
});

it("the policy pack writes Node's compile cache although the engine kills it", async () => {
  const cache = mkdtempSync(join(tmpdir(), "provenet-pack-"));
  const pack = await Pack.start(AbortSignal.timeout(60_000), { NODE_COMPILE_CACHE: cache });
  await pack.stop();
  const files = globSync("*/*", { cwd: cache });
  rmSync(cache, { recursive: true });
  expect(files).to.have.length.above(100);
}).timeout(60_000);

describe("the rules", () => {
  it("are one file each, named like the rule and its constant", async () => {
    const files = globSync("policies/rules/*/*.ts", { cwd: root });
    expect(files.map((file) => basename(file, ".ts")).sort()).to.deep.equal(
      rules.map(({ name }) => name).sort(),
    );
    for (const file of files) {
      const name = basename(file, ".ts");
      const exported = (await import(`${root}${file}`)) as Record<string, unknown>;
      const constant = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect(name).to.match(/^[a-z]+(?:-[a-z0-9]+)+$/);
      expect(Object.keys(exported)).to.deep.equal([constant]);
      expect(exported[constant]).to.equal(rules.find((rule) => rule.name === name));
    }
  });

  for (const rule of rules) {
    it(`fill every field of ${rule.name}`, () => {
      for (const field of ["displayName", "description", "remediationSteps", "severity"] as const) {
        expect(rule[field], field).to.be.a("string").and.not.be.empty;
      }
      expect(rule.url).to.match(/^https:\/\//);
      expect(rule.tags).to.be.an("array").and.not.be.empty;
      expect(rule.enforcementLevel).to.be.oneOf(["mandatory", "advisory"]);
      for (const [key, setting] of Object.entries(rule.configSchema?.properties ?? {})) {
        expect(setting, key).to.have.property("default");
        expect(setting.description, key).to.be.a("string");
      }
    });
  }

  it("match docs/policies.md (node policies/reference.ts > docs/policies.md)", async () => {
    expect(await readFile(`${root}/docs/policies.md`, "utf8")).to.equal(reference());
  });
});
