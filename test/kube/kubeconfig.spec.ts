import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";

import { KubeconfigError, readConnection, selfContained } from "../../kube/kubeconfig.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a kubeconfig", () => {
  let directory = "";
  let file = "";
  const write = (changes: { cluster?: object; user?: object; top?: object } = {}) => {
    writeFileSync(
      file,
      stringify({
        apiVersion: "v1",
        kind: "Config",
        preferences: {},
        "current-context": "home",
        contexts: [
          { name: "away", context: { cluster: "away", user: "away" } },
          { name: "home", context: { cluster: "one", user: "me", namespace: "mine" } },
        ],
        clusters: [
          { name: "away", cluster: { server: "https://192.0.2.9:6443" } },
          { name: "one", cluster: { server: "https://192.0.2.1:8443", ...changes.cluster } },
        ],
        users: [
          { name: "away", user: { token: "of-away" } },
          { name: "me", user: { token: "of-me", ...changes.user } },
        ],
        ...changes.top,
      }),
    );
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "provenet-kubeconfig-"));
    file = join(directory, "config");
    writeFileSync(join(directory, "ca.crt"), "the ca");
    writeFileSync(join(directory, "token"), "of-a-file\n");
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("gives the connection of its current context", () => {
    write();
    expect(readConnection(file)).to.deep.equal({
      server: new URL("https://192.0.2.1:8443"),
      token: "of-me",
    });
  });

  it("gives certificates from inside and from files beside it", () => {
    write({
      cluster: { "certificate-authority": "ca.crt" },
      user: { "client-certificate-data": base64("cert"), "client-key-data": base64("key") },
    });
    const { ca, certificate, key } = readConnection(file);
    expect({ ca, certificate, key }).to.deep.equal({
      ca: "the ca",
      certificate: "cert",
      key: "key",
    });
  });

  it("becomes self-contained, with its current context alone", () => {
    write({
      cluster: { "certificate-authority": "ca.crt" },
      user: { token: undefined, tokenFile: "token" },
    });
    const text = selfContained(file);
    expect(parse(text)).to.deep.equal({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "home",
      contexts: [{ name: "home", context: { cluster: "one", user: "me", namespace: "mine" } }],
      clusters: [
        {
          name: "one",
          cluster: {
            server: "https://192.0.2.1:8443",
            "certificate-authority-data": base64("the ca"),
          },
        },
      ],
      users: [{ name: "me", user: { token: "of-a-file" } }],
    });
  });

  const wrong: readonly [string, Parameters<typeof write>[0], RegExp][] = [
    [
      "no context is current",
      { top: { "current-context": "" } },
      /no usable kubeconfig: current-context/,
    ],
    [
      "the current context is not there",
      { top: { "current-context": "x" } },
      /no whole context "x"; choose one with kubectl/,
    ],
    [
      "it asks another program",
      { user: { exec: { command: "x" } } },
      /asks another program for credentials/,
    ],
    [
      "a file is missing",
      { cluster: { "certificate-authority": "x.crt" } },
      /x\.crt, which .*config names, cannot be read \(ENOENT\)/,
    ],
    [
      "the server is no URL",
      { cluster: { server: "x" } },
      /no usable kubeconfig: clusters\.1\.cluster\.server/,
    ],
  ];
  for (const [what, changes, message] of wrong) {
    it(`is refused when ${what}`, () => {
      write(changes);
      expect(() => selfContained(file)).to.throw(KubeconfigError, message);
    });
  }

  it("is refused when it is not YAML, without showing what is in it", () => {
    writeFileSync(file, "token: [planted-token");
    expect(() => selfContained(file))
      .to.throw(KubeconfigError, /is not YAML/)
      .and.have.property("message")
      .that.does.not.include("planted-token");
  });

  it("that is missing is named", () => {
    expect(() => readConnection(join(directory, "none"))).to.throw(
      KubeconfigError,
      /none cannot be read \(ENOENT\); does the cluster exist\?/,
    );
  });
});
