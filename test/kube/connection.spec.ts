import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";

import { expect } from "chai";

import { clusterUid, openApi } from "../../kube/api.ts";
import { connect } from "../../kube/connection.ts";
import { formatError } from "../../messages/errors.ts";
import {
  base64,
  execUser,
  kubeconfigText,
  printCredential,
  secret,
  serveHttps,
  signedInOnly,
  temporaryDirectory,
  writePlugin,
} from "./support.ts";
import { certificate, key } from "./tls.ts";

/** The error as users see it. */
async function shownBy(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return formatError(error);
  }
  throw new Error("nothing was thrown");
}

describe("signing in with a kubeconfig", () => {
  const directory = temporaryDirectory();
  const closings: (() => Promise<void>)[] = [];
  const write = (cluster: object, user?: object): string => {
    const file = join(directory(), "config");
    writeFileSync(file, kubeconfigText(cluster, user));
    return file;
  };
  const serve = async (listener = signedInOnly) => {
    const server = await serveHttps(listener);
    closings.push(server.close);
    return server;
  };
  const plugin = (...lines: string[]) => {
    const file = join(directory(), "plugin");
    writePlugin(file, ...lines);
    return file;
  };
  afterEach(() => Promise.all(closings.splice(0).map((close) => close())));

  it("sends the token of an exec plugin over HTTPS", async () => {
    const { cluster } = await serve();
    const command = plugin(printCredential({ token: secret }));
    const file = write(cluster, execUser(command));
    expect(await clusterUid(openApi(file))).to.equal("uid-1");
  });

  it("runs the plugin once for several requests", async () => {
    const { cluster } = await serve();
    const command = plugin(`echo run >> "$0.runs"`, printCredential({ token: secret }));
    const api = openApi(write(cluster, execUser(command)));
    await Promise.all([clusterUid(api), clusterUid(api)]);
    await clusterUid(api);
    expect(readFileSync(`${command}.runs`, "utf8")).to.equal("run\n");
  });

  it("gives the plugin its arguments, its environment and KUBERNETES_EXEC_INFO", async () => {
    const { cluster } = await serve();
    const command = plugin(
      `[ "$1 $PLACE" = "login here" ] || exit 3`,
      `case $KUBERNETES_EXEC_INFO in *'"interactive":false'*'"server":"https:'*) ;; *) exit 4 ;; esac`,
      printCredential({ token: secret }),
    );
    const more = {
      args: ["login"],
      env: [{ name: "PLACE", value: "here" }],
      provideClusterInfo: true,
    };
    expect(await clusterUid(openApi(write(cluster, execUser(command, more))))).to.equal("uid-1");
  });

  it("presents the client certificate of an exec plugin", async () => {
    const seen: string[] = [];
    const { cluster } = await serve((request, response) => {
      const socket = request.socket as unknown as {
        getPeerCertificate(): { subject?: { CN?: string } };
      };
      seen.push(socket.getPeerCertificate().subject?.CN ?? "none");
      response.end('{"metadata":{"uid":"uid-1"}}');
    });
    const status = { clientCertificateData: certificate, clientKeyData: key };
    await clusterUid(openApi(write(cluster, execUser(plugin(printCredential(status))))));
    expect(seen).to.deep.equal(["kubernetes.test"]);
  });

  it("finds a plugin by its path relative to the kubeconfig", async () => {
    plugin(printCredential({ token: secret }));
    const { options } = await connect(write({ server: "https://x" }, execUser("./plugin")));
    expect(options.headers).to.deep.equal({ Authorization: `Bearer ${secret}` });
  });

  it("signs in with an OIDC token that has not expired", async () => {
    const { cluster } = await serve(({ headers }, response) => {
      const isSignedIn = headers.authorization === `Bearer ${token}`;
      response.writeHead(isSignedIn ? 200 : 401).end('{"metadata":{"uid":"uid-1"}}');
    });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({ alg: "none" })}.${part({ exp: 4_000_000_000 })}.x`;
    const provider = { name: "oidc", config: { "id-token": token } };
    const file = write(cluster, { "auth-provider": provider });
    expect(await clusterUid(openApi(file))).to.equal("uid-1");
  });

  it("presents a client certificate and checks the server's name", async () => {
    const { url } = await serve((_, response) => response.end('{"metadata":{"uid":"uid-1"}}'));
    const cluster = {
      server: url,
      "certificate-authority-data": base64(certificate),
      "tls-server-name": "kubernetes.test",
    };
    const user = {
      "client-certificate-data": base64(certificate),
      "client-key-data": base64(key),
    };
    expect(await clusterUid(openApi(write(cluster, user)))).to.equal("uid-1");
    const other = write({ ...cluster, "tls-server-name": "other.test" }, user);
    expect(await shownBy(clusterUid(openApi(other)))).to.contain("did not answer");
  });

  it("refuses a server whose certificate is not trusted, unless verification is off", async () => {
    const { url } = await serve();
    expect(await shownBy(clusterUid(openApi(write({ server: url }))))).to.contain("self-signed");
    const file = write({ server: url, "insecure-skip-tls-verify": true });
    expect(await clusterUid(openApi(file))).to.equal("uid-1");
  });

  it("reads files below the home directory", async () => {
    writeFileSync(join(directory(), "token"), `${secret}\n`);
    const home = process.env.HOME;
    process.env.HOME = directory();
    try {
      expect(homedir()).to.equal(directory());
      write({ server: "https://x" }, { tokenFile: "~/token" });
      const { options } = await connect("~/config");
      expect(options.headers).to.deep.equal({ Authorization: `Bearer ${secret}` });
    } finally {
      process.env.HOME = home;
    }
  });

  it("reads a kubeconfig by its path relative to the project", async () => {
    const file = write({ server: "https://x" });
    const { server } = await connect(relative(process.cwd(), file));
    expect(server.host).to.equal("x");
  });

  const faults: readonly [string, string[], string][] = [
    ["fails", ["echo 'sign in first' >&2", "exit 1"], "failed: sign in first"],
    ["prints something else", [`echo '${secret} is no JSON'`], "printed no ExecCredential"],
    ["prints JSON of another kind", [`echo '["${secret}"]'`], "printed no ExecCredential"],
    ["prints no credential", [printCredential({})], "printed no ExecCredential"],
    ["does not end", ["exec sleep 600"], "did not end within 0.2 s"],
  ];
  for (const [what, lines, why] of faults) {
    it(`names the plugin, without a credential, when it ${what}`, async () => {
      const file = write({ server: "https://x" }, execUser(plugin(...lines)));
      const limit = what === "does not end" ? 0.2 : 60;
      const shown = await shownBy(connect(file, undefined, limit));
      expect(shown).to.contain(why).and.contain("Fix: ").and.not.contain(secret);
    });
  }

  it("names a plugin that is not installed, with its own hint", async () => {
    const more = { installHint: "install it from example.test" };
    const file = write({ server: "https://x" }, execUser("provenet-no-such-plugin", more));
    expect(await shownBy(connect(file))).to.match(
      /"provenet-no-such-plugin", which is not installed\nFix: install it from/,
    );
  });
});
