import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { Properties } from "../../../stand-ins/kit/values.ts";
import { execCredentials } from "../../../stand-ins/kubernetes/execCredential.ts";

const apiVersion = "client.authentication.k8s.io/v1";
const credential = (status: object) =>
  JSON.stringify({ apiVersion, kind: "ExecCredential", status });

describe("a kubeconfig's credential program", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "exec-"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  /** A program that records each run and prints the text. */
  async function program(printed: string, more = ""): Promise<Properties> {
    const file = path.join(directory, "sign-in");
    const lines = ["#!/bin/sh", `echo "$1 $KUBERNETES_EXEC_INFO" >> ${directory}/runs`, more];
    await writeFile(file, [...lines, `cat <<'END'`, printed, "END", ""].join("\n"));
    await chmod(file, 0o755);
    return { apiVersion, command: "./sign-in", args: ["--quiet"] };
  }

  async function runs(): Promise<string[]> {
    return (await readFile(path.join(directory, "runs"), "utf8")).trim().split("\n");
  }

  const credentialsOf = (exec: Properties, cluster: Properties = {}) =>
    execCredentials(exec, cluster, directory);

  it("gives its token, and runs once", async () => {
    const credentials = credentialsOf(await program(credential({ token: "secret" })));
    expect(await credentials()).to.eql({ authorization: "Bearer secret" });
    await credentials();
    expect(await runs()).to.have.length(1);
  });

  it("gives a client certificate", async () => {
    const status = { clientCertificateData: "cert", clientKeyData: "key" };
    const { cert, key } = await credentialsOf(await program(credential(status)))();
    expect([String(cert), String(key)]).to.eql(["cert", "key"]);
  });

  it("runs again when the credential has expired", async () => {
    const expired = { token: "old", expirationTimestamp: "2020-01-01T00:00:00Z" };
    const credentials = credentialsOf(await program(credential(expired)));
    await credentials();
    await credentials();
    expect(await runs()).to.have.length(2);
  });

  it("gets the cluster when it requests it", async () => {
    const exec = { ...(await program(credential({ token: "t" }))), provideClusterInfo: true };
    await credentialsOf(exec, { server: "https://192.0.2.1:6443" })();
    const [run = ""] = await runs();
    expect(run).to.contain('"server":"https://192.0.2.1:6443"').and.to.contain("--quiet");
  });

  const failures: [string, string, string, string][] = [
    ["fails", "", "echo no session >&2; exit 1", "failed: no session"],
    ["prints something else", "token: secret", "", "printed no ExecCredential"],
  ];
  for (const [what, printed, more, message] of failures) {
    it(`is an error without its output when it ${what}`, async () => {
      const failure = await credentialsOf(await program(printed, more))().then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      expect(failure?.message).to.contain(message);
      expect(failure?.message).not.to.contain("secret");
    });
  }

  it("is an error when it is not installed", async () => {
    const exec = { apiVersion, command: "no-such-program", installHint: "install it" };
    const failure = await execCredentials(exec, {}, directory)().catch((error: unknown) => error);
    expect(failure).to.include({
      message: `the kubeconfig's credential program "no-such-program" is not installed`,
      fix: "install it",
    });
  });
});
