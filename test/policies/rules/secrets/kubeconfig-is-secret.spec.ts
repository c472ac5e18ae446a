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
const run = async (subject: Subject, configuration = {}) =>
  (await violationsOf(rule, [subject], configuration)).map(({ message }) => message);
const notSecret = "kubeconfig is a kubeconfig that is not secret. Fix: set it to pulumi.secret(…)";

describe("kubeconfig-is-secret", () => {
  it("accepts a secret stack output, known or not", async () => {
    for (const value of [yaml, json, unknown]) {
      expect(await run(stack({ kubeconfig: secret(value) }))).to.deep.equal([]);
    }
  });

  for (const [what, value] of [
    ["YAML", yaml],
    ["JSON", json],
    ["unknown", unknown],
  ] as const) {
    it(`rejects a stack output that is not secret, ${what}`, async () => {
      expect(await run(stack({ kubeconfig: value }))).to.deep.equal([notSecret]);
    });
  }

  it("finds a kubeconfig under any name and at any depth", async () => {
    const found = await run(stack({ access: { files: ["x", yaml] } }));
    expect(found).to.deep.equal([
      "access.files[1] is a kubeconfig that is not secret. Fix: set it to pulumi.secret(…)",
    ]);
    expect(await run(stack({ access: secret({ files: ["x", yaml] }) }))).to.deep.equal([]);
    expect(await run(stack({ access: { files: ["x", secret(yaml)] } }))).to.deep.equal([]);
  });

  it("accepts a kubeconfig's path and other unknown outputs", async () => {
    const props = { kubeconfigPath: "/home/me/kubeconfig", kubeconfigFile: unknown, url: unknown };
    expect(await run(stack(props))).to.deep.equal([]);
    expect(await run(stack({ kubeconfig: "/home/me/kubeconfig" }))).to.deep.equal([]);
  });

  it("reads the names of outputs from its settings", async () => {
    const props = { admin: unknown };
    expect(await run(stack(props))).to.deep.equal([]);
    expect(await run(stack(props), { outputs: "^admin$" })).to.have.length(1);
  });

  it("names the option of a command and the value of a provider", async () => {
    const provider = { type: "pulumi:providers:kubernetes", props: { kubeconfig: json } };
    expect(await run(provider)).to.deep.equal([notSecret]);
    expect(await run({ ...provider, props: { kubeconfig: secret(json) } })).to.deep.equal([]);
    expect(await run(command({ stdout: yaml, logging: "none" }))).to.deep.equal([
      `stdout is a kubeconfig that is not secret. Fix: set additionalSecretOutputs: ["stdout"] in the command's options`,
    ]);
  });

  it("distinguishes a command's input from its output", async () => {
    expect(await run(command({ create: "apply", stdin: yaml }))).to.deep.equal([
      "stdin is a kubeconfig that is not secret. Fix: set it to pulumi.secret(…)",
    ]);
  });

  it("rejects a command whose stdout becomes a secret kubeconfig, before it has run", async () => {
    const provider: Subject = {
      type: "pulumi:providers:kubernetes",
      name: "provider",
      props: { kubeconfig: secret(unknown), clusterIdentifier: secret(unknown) },
      madeOf: { kubeconfig: ["cluster"], clusterIdentifier: ["cluster"] },
    };
    const found = await violationsOf(rule, [command({ stdout: unknown }), provider]);
    expect(found).to.deep.equal([
      {
        message: `stdout is not secret, but provider reads its kubeconfig from it. Fix: set additionalSecretOutputs: ["stdout"] in the command's options`,
        resource: "cluster",
      },
    ]);
    const kept = command({ stdout: secret(unknown) });
    expect(await violationsOf(rule, [kept, provider])).to.deep.equal([]);
    // A kubeconfig that is not secret is a path.
    const path = { ...provider, props: { kubeconfig: unknown } };
    expect(await violationsOf(rule, [command({ stdout: unknown }), path])).to.deep.equal([]);
    // One secret command is enough, because the engine does not say which one the value comes from.
    const other = { ...command({ stdout: unknown }), name: "other" };
    const both = { ...provider, madeOf: { kubeconfig: ["other", "cluster"] } };
    expect(await violationsOf(rule, [kept, other, both])).to.deep.equal([]);
  });

  it("rejects a command that prints a kubeconfig, secret or not", async () => {
    const printed = ['the engine prints stdout, which is a kubeconfig. Fix: set logging to "none"'];
    expect(await run(command({ stdout: secret(yaml) }))).to.deep.equal(printed);
    expect(await run(command({ stdout: secret(yaml), logging: "stdout" }))).to.deep.equal(printed);
    for (const logging of ["none", "stderr", unknown]) {
      expect(await run(command({ stdout: secret(yaml), logging }))).to.deep.equal([]);
    }
    const given = { stdin: secret(yaml), environment: secret({ KUBECONFIG: yaml }) };
    expect(await run(command(given))).to.deep.equal([]);
  });

  it("ignores other texts, numbers and missing values", async () => {
    const props = { a: "kind: ConfigMap\nclusters: 1\nusers: 2", b: 1, c: true, d: null, e: [] };
    expect(await run(stack(props))).to.deep.equal([]);
    expect(await run(command({ stdout: unknown, create: "minikube start" }))).to.deep.equal([]);
  });
});
