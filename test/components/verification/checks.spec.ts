import { expect } from "chai";

import { HttpCheck, type HttpCheckArgs } from "../../../components/verification/httpCheck.ts";
import { RouteCheck } from "../../../components/verification/routeCheck.ts";
import { parseVantage } from "../../../net/vantage.ts";
import { checkRequest } from "../../../probe/request.ts";
import { type Answers, named, record } from "../../support/recording.ts";
import { probeStdout, provedVerdict } from "../../support/verdict.ts";
import { failureOf } from "../network/given.ts";

const service = { namespace: "web", name: "web-load-balancer" };
const cluster = { kubeconfigPath: "kubeconfig", context: "home", uid: "uid-1" };
const common = { endpoint: "web", address: "192.0.2.7", cluster, service };
const outputs: Answers["outputs"] = ({ type, inputs }) =>
  type.startsWith("command:") ? { stdout: probeStdout(inputs) } : {};

/** Each kind of check, and its request. */
const kinds = [
  {
    token: "RouteCheck",
    create: (changes: Partial<HttpCheckArgs>) =>
      new RouteCheck("seen", { ...common, port: 80, ...changes }),
    request: { ask: "route", name: "web", service, address: "192.0.2.7", port: 80 },
  },
  {
    token: "HttpCheck",
    create: (changes: Partial<HttpCheckArgs>) => new HttpCheck("seen", { ...common, ...changes }),
    request: { ask: "http", name: "web", service, url: "http://192.0.2.7/", status: 200 },
  },
] as const;

for (const { token, create, request } of kinds) {
  const run = (changes: Partial<HttpCheckArgs> = {}, answers: Answers = { outputs }) =>
    record(() => {
      const { request: proved, verdict } = create(changes);
      return { request: proved, verdict };
    }, answers);
  const probeOf = async (changes: Partial<HttpCheckArgs> = {}) =>
    named((await run(changes)).resources, "seen-probe").inputs;

  describe(`a ${token}`, () => {
    it("is one command that gets the request on its standard input", async () => {
      const { resources } = await run();
      expect(resources.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
        `provenet:verification:${token} seen`,
        "command:local:Command seen-probe",
      ]);
      const { create: commandLine, stdin } = await probeOf();
      expect(commandLine).to.equal("node probe/main.ts request --json");
      const sent: unknown = JSON.parse(String(stdin));
      expect(sent).to.deep.equal({ ...request, deadlineSeconds: 30 });
      expect(checkRequest(sent).name).to.equal("web");
    });

    it("passes the kubeconfig's path and the recorded cluster in the environment", async () => {
      const { environment, addPreviousOutputInEnv } = await probeOf();
      expect(environment).to.deep.equal({
        KUBECONFIG: "kubeconfig",
        PROVENET_CONTEXT: "home",
        PROVENET_CLUSTER_UID: "uid-1",
      });
      expect(addPreviousOutputInEnv).to.equal(false);
    });

    it("resolves to the parsed verdict, and to the request without its deadline", async () => {
      const { result } = await run();
      expect(result.verdict).to.deep.equal(provedVerdict(request));
      expect(result.request).to.deep.equal(request);
    });

    it("names the router if there is one", async () => {
      const { result } = await run({ router: parseVantage("ssh:router") });
      expect(result.request).to.deep.equal({ ...request, router: "ssh:router" });
    });

    it("resolves nothing if the probe fails", async () => {
      const failing: Answers["outputs"] = ({ type }) => {
        if (type.startsWith("command:")) throw new Error("exit status 1");
        return {};
      };
      const message = await failureOf(run({}, { outputs: failing }));
      expect(message).to.match(/seen-probe .*exit status 1/);
    });

    it("resolves nothing if the probe prints something else than a verdict", async () => {
      const message = await failureOf(run({}, { outputs: () => ({ stdout: "{}" }) }));
      expect(message).to.contain("schemaVersion");
    });

    it("runs the probe in no preview", async () => {
      const { result } = await run({}, { preview: true, outputs: () => ({}) });
      // The recording leaves out values that are unknown.
      expect(result).to.equal(undefined);
    });

    it("runs again exactly when its request or another trigger changes", async () => {
      const triggers = async (changes: Partial<HttpCheckArgs>) => (await probeOf(changes)).triggers;
      const before = await triggers({ staleWith: ["uid", "image:1"] });
      expect(before).to.deep.equal([JSON.stringify(request), "uid", "image:1"]);
      expect(await triggers({ staleWith: ["uid", "image:2"] })).not.to.deep.equal(before);
      const moved = await triggers({ address: "192.0.2.8", staleWith: ["uid", "image:1"] });
      expect(moved).not.to.deep.equal(before);
    });

    it("repeats its request until the deadline that it is given", async () => {
      const { stdin } = await probeOf({ deadlineSeconds: 5 });
      expect(JSON.parse(String(stdin))).to.include({ deadlineSeconds: 5 });
    });
  });
}

describe("an HttpCheck", () => {
  const urlOf = async (changes: Partial<HttpCheckArgs>) => {
    const run = record(
      () => {
        const { url, request } = new HttpCheck("seen", { ...common, ...changes });
        return { url, request };
      },
      { outputs },
    );
    return (await run).result;
  };

  it("requests a host name at the address", async () => {
    const { url, request } = await urlOf({ host: "web.test", path: "/x", status: 204, body: "y" });
    expect(url).to.equal("http://web.test/x");
    expect(request).to.deep.equal({
      ask: "http",
      name: "web",
      service,
      url: "http://web.test/x",
      address: "192.0.2.7",
      status: 204,
      body: "y",
    });
  });

  it("puts an IPv6 address in brackets, and no other", async () => {
    expect((await urlOf({ address: "2001:db8::7" })).url).to.equal("http://[2001:db8::7]/");
    expect((await urlOf({})).url).to.equal("http://192.0.2.7/");
  });
});

describe("checks", () => {
  it("leave room for a second one of each kind in the same stack", async () => {
    const { resources } = await record(
      () => {
        for (const name of ["one", "two"]) {
          new RouteCheck(`${name}-route`, { ...common, port: 80 });
          new HttpCheck(`${name}-http`, common);
        }
      },
      { outputs },
    );
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(8);
  });
});
