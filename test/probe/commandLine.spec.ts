import { expect } from "chai";

import { runProbe } from "../../probe/commandLine.ts";
import { verdictSchema } from "../../probe/verdict.ts";
import { closedPort, serveHttp, serveTcp, stopServers } from "../support/servers.ts";

async function probe(words: readonly string[], stdin = "") {
  let out = "";
  let err = "";
  const code = await runProbe(words, {
    stdin: (async function* () {
      yield await Promise.resolve(stdin);
    })(),
    environment: {},
    write: (text) => (out += text),
    complain: (text) => (err += text),
  });
  return { code, out, err };
}

describe("the probe's command line", () => {
  afterEach(stopServers);

  it("ends with 0 and the text of a proof", async () => {
    const port = await serveHttp((_, response) => response.end("ok"));
    const { code, out, err } = await probe(["http", `http://127.0.0.1:${port}/`, "--name", "web"]);
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    expect(out.split("\n")[0]).to.match(/^✓ web: GET .* HTTP 200/);
  });

  it("ends with 1 and one line of JSON when the path is broken, and explains it on standard error", async () => {
    const port = await closedPort();
    const words = ["tcp", "127.0.0.1", `${port}`, "--deadline", "0.1", "--json"];
    const { code, out, err } = await probe(words);
    expect(code).to.equal(1);
    expect(err).to.match(/^✗ tcp .* broken: /);
    expect(out.trimEnd().split("\n")).to.have.length(1);
    expect(verdictSchema.parse(JSON.parse(out)).symptom).to.equal("refused");
  });

  it("reads one request from standard input", async () => {
    const port = await serveTcp(() => undefined);
    const request = { ask: "tcp", name: "a", address: "127.0.0.1", port };
    const { code, out, err } = await probe(["request", "--json"], JSON.stringify(request));
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    expect(verdictSchema.parse(JSON.parse(out)).name).to.equal("a");
  });

  const bad: readonly [string, readonly string[], readonly string[]][] = [
    ["no command", [], ["Usage: probe"]],
    ["an unknown command", ["fly"], ["unknown command 'fly'"]],
    ["nothing to ask", ["tcp"], ["request.address: is missing", "request.port: is missing"]],
    ["an unknown option", ["tcp", "::1", "1", "--fast"], ["--fast: unknown option"]],
    ["a word too many", ["tcp", "::1", "1", "2"], ["2: unexpected argument"]],
    [
      "several faults",
      [
        "http",
        "https://a",
        "--status",
        "x",
        "--service",
        "web",
        "--deadline",
        "-1",
        "--router",
        "r",
      ],
      ['--service: got "web"; write NAMESPACE/NAME', "deadlineSeconds", "router", "url", "status"],
    ],
    [
      "no port in time",
      ["route", "::1", "80", "--deadline", "soon"],
      ['deadlineSeconds: got "soon"; write a number'],
    ],
    [
      "DNS over TLS",
      ["dns", "a.test", "::1", "--transport", "tls"],
      ['transport: got "tls"; write udp or tcp'],
    ],
  ];
  for (const [what, words, faults] of bad) {
    it(`ends with 2, all faults and no stack when given ${what}`, async () => {
      const { code, out, err } = await probe(words);
      expect(code).to.equal(2);
      expect(out).to.equal("");
      for (const fault of faults) expect(err).to.contain(fault);
      expect(err).not.to.match(/^\s+at /m);
    });
  }

  for (const [what, text] of [
    ["what is no JSON", "{"],
    ["a request with faults", `{"ask":"tcp"}`],
  ]) {
    it(`ends with 2 when it reads ${what ?? ""}`, async () => {
      const { code, err } = await probe(["request"], text);
      expect(code).to.equal(2);
      expect(err).to.match(/^error: .*\n.*(write|give)[^]*\nFix: /);
    });
  }

  it("has help for every command, with the exit codes", async () => {
    const commands = [[], ["route"], ["tcp"], ["http"], ["dns"], ["request"]];
    for (const command of commands) {
      const { code, out } = await probe([...command, "--help"]);
      expect(code).to.equal(0);
      expect(out).to.contain("Usage: probe").and.contain("3 unknown");
    }
  });
});
