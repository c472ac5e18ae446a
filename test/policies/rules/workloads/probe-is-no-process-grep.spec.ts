import { expect } from "chai";
import fc from "fast-check";

import { probeIsNoProcessGrep as rule } from "../../../../policies/rules/workloads/probe-is-no-process-grep.ts";
import { changed, container, deployment, messagesOf, unknown } from "../../support.ts";

const run = (command: unknown, kind = "livenessProbe") =>
  messagesOf(rule, changed(deployment, [...container, kind], { exec: { command } }));

describe("probe-is-no-process-grep", () => {
  for (const [command, found] of [
    [["sh", "-c", "ps aux | grep my_web_server_process"], "ps"],
    [["/bin/bash", "-ec", "ps -ef|grep nginx"], "ps"],
    [["sh", "-c", "if ! /usr/bin/pgrep nginx; then exit 1; fi"], "pgrep"],
    [["sh", "-c", 'test -n "$(pidof nginx)"'], "pidof"],
    [["sh", "-c", "timeout 5 pgrep -x nginx"], "pgrep"],
    [["pgrep", "nginx"], "pgrep"],
    [["/bin/pidof", "nginx"], "pidof"],
    [["busybox", "ps"], "ps"],
    [["sh", "-c", "kill -0 $(cat /run/nginx.pid)"], "kill -0"],
    [["killall", "-0", "nginx"], "killall -0"],
  ] as const) {
    it(`rejects ${command.join(" ")}`, async () => {
      expect(await run(command)).to.deep.equal([
        `spec.template.spec.containers[0].livenessProbe.exec.command searches the process list with ${found}. Fix: set livenessProbe.httpGet, tcpSocket or grpc with the server's port`,
      ]);
    });
  }

  for (const command of [
    ["curl", "-f", "http://127.0.0.1/ps"],
    ["sh", "-c", "wget -qO- localhost:8000 | grep ok"],
    ["sh", "-c", "kill -TERM 1"],
    ["/bin/calico-node", "-felix-live"],
    ["redis-cli", "ping"],
    ["sh"],
    [],
    [unknown, "ps"],
    unknown,
  ]) {
    it(`accepts ${JSON.stringify(command)}`, async () => {
      expect(await run(command)).to.deep.equal([]);
    });
  }

  it("checks readiness and startup probes", async () => {
    for (const kind of ["readinessProbe", "startupProbe"]) {
      const [message] = await run(["pgrep", "nginx"], kind);
      expect(message).to.contain(`${kind}.exec.command searches the process list`);
    }
  });

  it("ignores probes without a command and other kinds", async () => {
    expect(await messagesOf(rule, deployment)).to.deep.equal([]);
    const props = { spec: { containers: [{ livenessProbe: { exec: { command: ["ps"] } } }] } };
    expect(await messagesOf(rule, { type: "kubernetes:core/v1:Pod", props })).to.have.length(1);
    expect(await messagesOf(rule, { type: "kubernetes:core/v1:Node", props })).to.deep.equal([]);
  });

  it("returns for any command", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), async (words) => {
        expect((await run(["sh", "-c", ...words])).length).to.be.lessThan(2);
      }),
      { numRuns: 50 },
    );
  });
});
