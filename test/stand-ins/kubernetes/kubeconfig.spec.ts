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

  it("is read from text, with the certificates in it", () => {
    const kubeconfig = stringify(
      config(
        { "client-certificate-data": encoded("cert"), "client-key-data": encoded("key") },
        { "certificate-authority-data": encoded("ca") },
      ),
    );
    const { server, namespace, tls, authorization } = readKubeconfig({ kubeconfig });
    expect(server).to.equal("https://192.0.2.1:6443");
    expect(namespace).to.equal("shop");
    expect(String(tls.ca)).to.equal("ca");
    expect(String(tls.cert)).to.equal("cert");
    expect(String(tls.key)).to.equal("key");
    expect(tls.rejectUnauthorized).to.equal(true);
    expect(authorization()).to.equal(undefined);
  });

  it("is read from JSON and from an object as well", () => {
    const kubeconfig = JSON.stringify(config());
    expect(readKubeconfig({ kubeconfig }).authorization()).to.equal("Bearer t");
    expect(readKubeconfig({ kubeconfig: config() as never }).namespace).to.equal("shop");
  });

  it("is read from a file, whose neighbours it names", async () => {
    const file = path.join(directory, "config");
    const content = config({ tokenFile: "token" }, { "certificate-authority": "ca.crt" });
    await writeFile(file, stringify(content));
    const connection = readKubeconfig({ kubeconfig: file });
    expect(String(connection.tls.ca)).to.equal("from a file");
    expect(connection.authorization()).to.equal("Bearer of a file");
  });

  it("gives another context and another cluster when asked", () => {
    const kubeconfig = stringify(config());
    expect(readKubeconfig({ kubeconfig, context: "two" }).server).to.equal(
      "https://192.0.2.2:6443",
    );
    expect(readKubeconfig({ kubeconfig, context: "two" }).namespace).to.equal("default");
    expect(readKubeconfig({ kubeconfig, cluster: "d" }).server).to.equal("https://192.0.2.2:6443");
  });

  it("may skip the server's certificate, and log in by name", () => {
    const user = { username: "me", password: "pw" };
    const kubeconfig = stringify(config(user, { "insecure-skip-tls-verify": true }));
    const { tls, authorization } = readKubeconfig({ kubeconfig });
    expect(tls.rejectUnauthorized).to.equal(false);
    expect(authorization()).to.equal(`Basic ${encoded("me:pw")}`);
  });

  const refusals: [string, object, string][] = [
    [
      "a context that is not there",
      { context: "three" },
      'no context named "three": it has one, two',
    ],
    ["a cluster that is not there", { cluster: "e" }, 'no cluster named "e": it has c, d'],
  ];
  for (const [what, choice, message] of refusals) {
    it(`is refused with ${what}`, () => {
      expect(() => readKubeconfig({ kubeconfig: stringify(config()), ...choice })).to.throw(
        message,
      );
    });
  }

  it("is refused with a credential program, which it names", () => {
    const kubeconfig = stringify(config({ exec: { command: "gke-gcloud-auth-plugin" } }));
    expect(() => readKubeconfig({ kubeconfig })).to.throw(
      'by "exec", which this stand-in does not',
    );
  });

  it("is refused when its file is missing, with the path", () => {
    const kubeconfig = path.join(directory, "missing");
    expect(() => readKubeconfig({ kubeconfig })).to.throw(
      `there is no kubeconfig at ${kubeconfig}`,
    );
  });
});
