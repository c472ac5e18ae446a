import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

import { readContext, selfContained } from "../../kube/kubeconfig.ts";
import { UserError } from "../../messages/errors.ts";
import { base64, execUser, secret, temporaryDirectory, writePlugin } from "./support.ts";

describe("a kubeconfig", () => {
  const directory = temporaryDirectory();
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
    file = join(directory(), "config");
    writeFileSync(join(directory(), "ca.crt"), "the ca");
    writeFileSync(join(directory(), "token"), "of-a-file\n");
  });

  it("gives its current context with every file embedded", () => {
    write({
      cluster: { "certificate-authority": "ca.crt" },
      user: { "client-certificate-data": base64("cert"), "client-key-data": base64("key") },
    });
    expect(readContext(file)).to.deep.equal({
      name: "home",
      context: { cluster: "one", user: "me", namespace: "mine" },
      cluster: {
        server: "https://192.0.2.1:8443",
        "certificate-authority-data": base64("the ca"),
      },
      user: {
        token: "of-me",
        "client-certificate-data": base64("cert"),
        "client-key-data": base64("key"),
      },
    });
  });

  it("gives another context by its name", () => {
    write();
    expect(readContext(file, "away")).to.deep.include({
      name: "away",
      cluster: { server: "https://192.0.2.9:6443" },
      user: { token: "of-away" },
    });
    expect(parse(selfContained(file, "away"))).to.have.property("current-context", "away");
  });

  it("needs no current context where one is named", () => {
    write({ top: { "current-context": undefined } });
    expect(readContext(file, "away").name).to.equal("away");
  });

  it("is refused when a named context is not there, with the names that are", () => {
    write();
    expect(() => readContext(file, "x"))
      .to.throw(UserError, /has no context "x"\. It has "away", "home"$/)
      .with.property("fix")
      .that.contains("set `context` of provenet:cluster");
  });

  it("is read from text as from a file", () => {
    write();
    expect(readContext({ text: selfContained(file) })).to.deep.equal(readContext(file));
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

  describe("with an exec plugin becomes self-contained", () => {
    const execOf = (text: string) =>
      (parse(text) as { users: { user: { exec: Record<string, unknown> } }[] }).users[0]?.user.exec;

    it("with the absolute path of a plugin that has a relative one", () => {
      writePlugin(join(directory(), "plugin"));
      const args = ["login"];
      write({ user: { token: undefined, ...execUser("./plugin", { args }) } });
      expect(execOf(selfContained(file))).to.deep.equal({
        apiVersion: "client.authentication.k8s.io/v1",
        command: join(directory(), "plugin"),
        args,
      });
    });

    it("with the name of a plugin on PATH", () => {
      write({ user: execUser("sh") });
      expect(execOf(selfContained(file))?.command).to.equal("sh");
    });
  });

  const wrong: readonly [string, Parameters<typeof write>[0], RegExp][] = [
    [
      "no context is current",
      { top: { "current-context": "" } },
      /has no current context\. It has "away", "home"$/,
    ],
    [
      "the current context is not there",
      { top: { "current-context": "x" } },
      /the current context "x" of the kubeconfig .* does not exist\. It has "away", "home"$/,
    ],
    [
      "its user is not there",
      { top: { users: [] } },
      /context "home" of the kubeconfig .* is incomplete$/,
    ],
    [
      "its plugin is not installed",
      { user: execUser("./x") },
      /signs in with "\.\/x", which is not installed/,
    ],
    [
      "a file is missing",
      { cluster: { "certificate-authority": "x.crt" } },
      /x\.crt, which the kubeconfig .*config names, cannot be read \(ENOENT\)/,
    ],
    [
      "the server is no URL",
      { cluster: { server: "x" } },
      /is not a usable kubeconfig: clusters\.1\.cluster\.server/,
    ],
  ];
  for (const [what, changes, message] of wrong) {
    it(`is refused when ${what}`, () => {
      write(changes);
      expect(() => selfContained(file)).to.throw(UserError, message);
    });
  }

  it("is refused when it is not YAML, without its content in the message", () => {
    writeFileSync(file, `token: [${secret}`);
    expect(() => selfContained(file))
      .to.throw(UserError, /is not YAML/)
      .and.have.property("message")
      .that.does.not.include(secret);
  });

  it("is refused when a value has the wrong type, without that value in the message", () => {
    write({ user: { token: { value: secret } } });
    expect(() => selfContained(file))
      .to.throw(UserError, /users\.1\.user\.token/)
      .and.have.property("message")
      .that.does.not.include(secret);
  });

  it("is named when it is missing", () => {
    expect(() => selfContained(join(directory(), "none"))).to.throw(
      UserError,
      /the kubeconfig .*none cannot be read \(ENOENT\)/,
    );
  });
});
