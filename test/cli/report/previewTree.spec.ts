import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { expect } from "chai";

import { formatPreview } from "../../../cli/report/previewTree.ts";

/** Events that the engine sent for previews of one small program. */
const recorded = (name: "first" | "none" | "change") =>
  readFileSync(join(import.meta.dirname, "previews", `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EngineEvent);

const stack = "urn:pulumi:dev::provenet::pulumi:pulumi:Stack::provenet-dev";

/** One planned step on a resource directly below the stack. */
function step(op: string, type: string, name: string, before?: object, after?: object) {
  const state = (inputs: object | undefined) =>
    inputs && { custom: true, parent: stack, inputs, outputs: {} };
  const urn = `urn:pulumi:dev::provenet::${type}::${name}`;
  const metadata = { op, type, urn, old: state(before), new: state(after), detailedDiff: null };
  return { resourcePreEvent: { metadata } } as unknown as EngineEvent;
}

const event = (content: object) => content as unknown as EngineEvent;

describe("the report of a preview", () => {
  it("has one line per resource under its component when everything is new", () => {
    expect(formatPreview(recorded("first"))).to.equal(
      [
        "+ provenet-dev  Stack",
        "+   web  WebApplication",
        "+     web-changed  Command",
        "+     web-gone  Command",
        "+     web-replaced  Command",
        "+     web-same  Command",
        "",
        "6 to create",
        "",
      ].join("\n"),
    );
  });

  it("is one line when nothing changes", () => {
    expect(formatPreview(recorded("none"))).to.equal("6 unchanged\n");
  });

  it("shows only what changes, with the properties that change", () => {
    expect(formatPreview(recorded("change"))).to.equal(
      [
        "  provenet-dev  Stack",
        "    web  WebApplication  (1 unchanged)",
        "~     web-changed  Command",
        "-     web-gone  Command",
        "+     web-new  Command",
        "±     web-replaced  Command",
        "",
        "Changes",
        "± web-replaced  Command",
        '    triggers: ["1"] => ["2"]  (forces replacement)',
        "+ web-new  Command",
        '    create: "echo new"',
        '    environment.TEXT: "a\\nb"',
        "    environment.TOKEN: [secret]",
        "~ web-changed  Command",
        '    environment.OLD: removed "x"',
        '    environment.SIZE: "small" => "large"',
        '    environment.NEW: added "y"',
        "- web-gone  Command",
        "",
        "Outputs",
        '    size: "small" => "large"',
        "",
        "1 to create, 1 to update, 1 to replace, 1 to delete, 3 unchanged",
        "",
      ].join("\n"),
    );
  });

  const crd = (name: string, description: string) => ({
    metadata: { name },
    spec: { versions: [{ name: "v1", schema: { description } }, { name: "v2" }] },
  });

  it("shows a CRD as name and version, without its schema", () => {
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const text = formatPreview([
      step(
        "update",
        type,
        "calico-ippools",
        crd("ippools.test", "old"),
        crd("ippools.test", "new"),
      ),
    ]);
    expect(text).to.contain("~ ippools.test v1, v2  CustomResourceDefinition\n");
    expect(text).not.to.contain("schema");
  });

  it("hides a secret inside a list and an unknown value", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "s", ciphertext: "hunter2" };
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const text = formatPreview([
      step("create", "a:b:C", "c", undefined, { list: ["open", secret], address: unknown }),
    ]);
    expect(text)
      .to.contain('list: ["open","[secret]"]')
      .and.to.contain("address: (known after up)");
    expect(text).not.to.contain("hunter2");
  });

  it("gives a value that becomes unknown one line, however large it was", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const before = { verdicts: [{ hops: [1, 2], name: "a" }, { name: "b" }], pools: ["home"] };
    const after = { verdicts: unknown, pools: [unknown], fresh: unknown };
    const text = formatPreview([step("update", "a:b:C", "c", before, after)]);
    expect(text).to.contain(
      [
        '    pools: ["home"] => [(known after up)]',
        "    verdicts: … => (known after up)",
        "    fresh: added (known after up)",
      ].join("\n"),
    );
    expect(text).to.not.contain("removed").and.not.contain(unknown);
  });

  it("shows what differs inside a value that is JSON", () => {
    const request = (nodes: number, zones: readonly string[]) => ({
      environment: { REQUEST: JSON.stringify({ profile: "p", nodes, labels: { zone: zones } }) },
      text: "{ is no JSON",
    });
    const text = formatPreview([
      step("update", "a:b:C", "c", request(2, ["a", "b"]), request(3, ["a", "b", "b"])),
    ]);
    expect(text).to.contain(
      [
        "    environment.REQUEST.nodes: 2 => 3",
        '    environment.REQUEST.labels.zone: ["a","b"] => ["a","b","b"]',
      ].join("\n"),
    );
    expect(text).to.not.contain("profile").and.not.contain("no JSON");
  });

  it("shows where two long values begin to differ", () => {
    const long = "a".repeat(300);
    const text = formatPreview([
      step("update", "a:b:C", "c", { text: `${long}1` }, { text: `${long}2` }),
    ]);
    expect(text).to.match(/text: …a+1" => …a+2"\n/);
  });

  it("counts the properties beyond the fortieth", () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key${n}`, n]));
    expect(formatPreview([step("create", "a:b:C", "c", undefined, many)])).to.contain("… 10 more");
  });

  it("says that a killed preview has no summary", () => {
    expect(formatPreview([])).to.equal("The preview ended before its summary.\n");
  });

  it("leaves out default providers", () => {
    const text = formatPreview([step("create", "pulumi:providers:command", "default_1_2_1")]);
    expect(text).not.to.contain("default");
  });

  it("names violated policies, warnings and errors, but no debug output", () => {
    const message = "<{%reset%}>boom<{%reset%}>\n";
    const text = formatPreview([
      event({
        policyEvent: {
          ...{ enforcementLevel: "mandatory", policyName: "image-is-pinned", message: "pin it" },
          resourceUrn: `${stack}$kubernetes:apps/v1:Deployment::web`,
        },
      }),
      event({ diagnosticEvent: { severity: "error", message, urn: stack } }),
      event({ diagnosticEvent: { severity: "error", message, urn: stack } }),
      event({ diagnosticEvent: { severity: "debug", message: "Registering resource" } }),
    ]);
    expect(text).to.equal(
      [
        "Policies",
        "mandatory image-is-pinned (web): pin it",
        "",
        "Messages",
        "error (provenet-dev): boom",
        "",
        "The preview stopped at an error.",
        "",
      ].join("\n"),
    );
  });
});
