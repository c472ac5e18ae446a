import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { stringify } from "yaml";

import { readKubeconfig } from "../../../stand-ins/kubernetes/kubeconfig.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64");

function config(user: object = { token: "t" }, cluster: object = {}) {
  return {
    "current-context": "one",
    contexts: [
      { name: "one", context: { cluster: "c", user: "u", namespace: "shop" } },
      { name: "two", context: { cluster: "d", user: "u" } },
    ],
    clusters: [
      { name: "c", cluster: { server: "https://192.0.2.1:6443/", ...cluster } },
      { name: "d", cluster: { server: "https://192.0.2.2:6443" } },
    ],
    users: [{ name: "u", user }],
  };
}

describe("a kubeconfig", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "kubeconfig-"));
    await writeFile(path.join(directory, "ca.crt"), "from a file");
    await writeFile(path.join(directory, "token"), "of a file\n");
  });

  after(async () => {
    await rm(directory, { recursive: true });
  });

  it("is read from text with embedded certificates", async () => {
    const kubeconfig = stringify(
      config(
        { "client-certificate-data": encoded("cert"), "client-key-data": encoded("key") },
        { "certificate-authority-data": encoded("ca") },
      ),
    );
    const { server, namespace, tls, credentials } = readKubeconfig({ kubeconfig });
    expect(server).to.equal("https://192.0.2.1:6443");
    expect(namespace).to.equal("shop");
    expect(String(tls.ca)).to.equal("ca");
    expect(String(tls.cert)).to.equal("cert");
    expect(String(tls.key)).to.equal("key");
    expect(tls.rejectUnauthorized).to.equal(true);
    expect(await credentials()).to.eql({});
  });

  it("is read from JSON and from an object", async () => {
    const kubeconfig = JSON.stringify(config());
    expect(await readKubeconfig({ kubeconfig }).credentials()).to.eql({
      authorization: "Bearer t",
    });
    expect(readKubeconfig({ kubeconfig: config() as never }).namespace).to.equal("shop");
  });

  it("is read from a file, with files relative to it", async () => {
    const file = path.join(directory, "config");
    const content = config({ tokenFile: "token" }, { "certificate-authority": "ca.crt" });
    await writeFile(file, stringify(content));
    const connection = readKubeconfig({ kubeconfig: file });
    expect(String(connection.tls.ca)).to.equal("from a file");
    expect(await connection.credentials()).to.eql({ authorization: "Bearer of a file" });
  });

  it("gives the requested context and cluster", () => {
    const kubeconfig = stringify(config());
    expect(readKubeconfig({ kubeconfig, context: "two" }).server).to.equal(
      "https://192.0.2.2:6443",
    );
    expect(readKubeconfig({ kubeconfig, context: "two" }).namespace).to.equal("default");
    expect(readKubeconfig({ kubeconfig, cluster: "d" }).server).to.equal("https://192.0.2.2:6443");
  });

  it("may skip the check of the server's certificate and use a password", async () => {
    const user = { username: "me", password: "pw" };
    const kubeconfig = stringify(config(user, { "insecure-skip-tls-verify": true }));
    const { tls, credentials } = readKubeconfig({ kubeconfig });
    expect(tls.rejectUnauthorized).to.equal(false);
    expect(await credentials()).to.eql({ authorization: `Basic ${encoded("me:pw")}` });
  });

  const refusals: [string, object, string][] = [
    ["an unknown context", { context: "three" }, 'no context named "three". It has one, two'],
    ["an unknown cluster", { cluster: "e" }, 'no cluster named "e". It has c, d'],
  ];
  for (const [what, choice, message] of refusals) {
    it(`is refused with ${what}`, () => {
      expect(() => readKubeconfig({ kubeconfig: stringify(config()), ...choice })).to.throw(
        message,
      );
    });
  }

  it("is refused with an auth-provider", () => {
    const kubeconfig = stringify(config({ "auth-provider": { name: "gcp" } }));
    expect(() => readKubeconfig({ kubeconfig })).to.throw("has an auth-provider");
  });

  it("is refused when its file is missing", () => {
    const kubeconfig = path.join(directory, "missing");
    expect(() => readKubeconfig({ kubeconfig })).to.throw(
      `there is no kubeconfig at ${kubeconfig}`,
    );
  });
});
