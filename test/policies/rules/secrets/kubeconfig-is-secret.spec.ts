import { expect } from "chai";

import { kubeconfigIsSecret as rule } from "../../../../policies/rules/secrets/kubeconfig-is-secret.ts";
import { secret, unknown, violationsOf, type Subject } from "../../support.ts";

const yaml = "apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: a\n  user: {token: t}\n";
const json = JSON.stringify({ kind: "Config", clusters: [], users: [] });

const stack = (props: Subject["props"]): Subject => ({
  type: "pulumi:pulumi:Stack",
  name: "dev",
  props,
});
const command = (props: Subject["props"]): Subject => ({
  type: "command:local:Command",
  name: "cluster",
  props,
});
const ask = async (subject: Subject, configuration = {}) =>
  (await violationsOf(rule, [subject], configuration)).map(({ message }) => message);
const open = "kubeconfig is a kubeconfig in the open; set it to pulumi.secret(…)";

describe("kubeconfig-is-secret", () => {
  it("takes a secret stack output, known or not", async () => {
    for (const value of [yaml, json, unknown]) {
      expect(await ask(stack({ kubeconfig: secret(value) }))).to.deep.equal([]);
    }
  });

  for (const [what, value] of [
    ["YAML", yaml],
    ["JSON", json],
    ["unknown yet", unknown],
  ] as const) {
    it(`refuses an open stack output, ${what}`, async () => {
      expect(await ask(stack({ kubeconfig: value }))).to.deep.equal([open]);
    });
  }

  it("finds a kubeconfig under any name and at any depth", async () => {
    const found = await ask(stack({ access: { files: ["x", yaml] } }));
    expect(found).to.deep.equal([
      "access.files[1] is a kubeconfig in the open; set it to pulumi.secret(…)",
    ]);
    expect(await ask(stack({ access: secret({ files: ["x", yaml] }) }))).to.deep.equal([]);
    expect(await ask(stack({ access: { files: ["x", secret(yaml)] } }))).to.deep.equal([]);
  });

  it("takes a kubeconfig's path, and other unknown outputs", async () => {
    const props = { kubeconfigPath: "/home/me/kubeconfig", kubeconfigFile: unknown, url: unknown };
    expect(await ask(stack(props))).to.deep.equal([]);
    expect(await ask(stack({ kubeconfig: "/home/me/kubeconfig" }))).to.deep.equal([]);
  });

  it("takes other names for the output", async () => {
    const props = { admin: unknown };
    expect(await ask(stack(props))).to.deep.equal([]);
    expect(await ask(stack(props), { outputs: "^admin$" })).to.have.length(1);
  });

  it("refuses an open provider and an open command, and says what to set", async () => {
    const provider = { type: "pulumi:providers:kubernetes", props: { kubeconfig: json } };
    expect(await ask(provider)).to.deep.equal([open]);
    expect(await ask({ ...provider, props: { kubeconfig: secret(json) } })).to.deep.equal([]);
    expect(await ask(command({ stdout: yaml, logging: "none" }))).to.deep.equal([
      `stdout is a kubeconfig in the open; set additionalSecretOutputs: ["stdout"] in the command's options`,
    ]);
  });

  it("tells a command's input from its output", async () => {
    expect(await ask(command({ create: "apply", stdin: yaml }))).to.deep.equal([
      "stdin is a kubeconfig in the open; set it to pulumi.secret(…)",
    ]);
  });

  it("refuses a command whose open stdout becomes a secret kubeconfig, before it has run", async () => {
    const provider: Subject = {
      type: "pulumi:providers:kubernetes",
      name: "provider",
      props: { kubeconfig: secret(unknown), clusterIdentifier: secret(unknown) },
      madeOf: { kubeconfig: ["cluster"], clusterIdentifier: ["cluster"] },
    };
    const found = await violationsOf(rule, [command({ stdout: unknown }), provider]);
    expect(found).to.deep.equal([
      {
        message: `stdout is in the open, but provider takes its kubeconfig from it; set additionalSecretOutputs: ["stdout"] in the command's options`,
        resource: "cluster",
      },
    ]);
    const kept = command({ stdout: secret(unknown) });
    expect(await violationsOf(rule, [kept, provider])).to.deep.equal([]);
    // One that is no secret is a path.
    const path = { ...provider, props: { kubeconfig: unknown } };
    expect(await violationsOf(rule, [command({ stdout: unknown }), path])).to.deep.equal([]);
    // Of two commands one is enough: which of them it is taken from cannot be told.
    const other = { ...command({ stdout: unknown }), name: "other" };
    const both = { ...provider, madeOf: { kubeconfig: ["other", "cluster"] } };
    expect(await violationsOf(rule, [kept, other, both])).to.deep.equal([]);
  });

  it("refuses a command that prints one, secret or not", async () => {
    const printed = [
      'logging lets stdout be printed, which is a kubeconfig; set logging to "none"',
    ];
    expect(await ask(command({ stdout: secret(yaml) }))).to.deep.equal(printed);
    expect(await ask(command({ stdout: secret(yaml), logging: "stdout" }))).to.deep.equal(printed);
    for (const logging of ["none", "stderr", unknown]) {
      expect(await ask(command({ stdout: secret(yaml), logging }))).to.deep.equal([]);
    }
    const given = { stdin: secret(yaml), environment: secret({ KUBECONFIG: yaml }) };
    expect(await ask(command(given))).to.deep.equal([]);
  });

  it("says nothing of other text, of numbers and of nothing", async () => {
    const props = { a: "kind: ConfigMap\nclusters: 1\nusers: 2", b: 1, c: true, d: null, e: [] };
    expect(await ask(stack(props))).to.deep.equal([]);
    expect(await ask(command({ stdout: unknown, create: "minikube start" }))).to.deep.equal([]);
  });
});
