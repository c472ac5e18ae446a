import { expect } from "chai";

import { readinessProbeUsesAnExposedPort as rule } from "../../../../policies/rules/workloads/readiness-probe-uses-an-exposed-port.ts";
import { changed, container, deployment, messagesOf, unknown } from "../../support.ts";

const probe = [...container, "readinessProbe"];
const pod = container.slice(0, 3);
const path = "spec.template.spec.containers[0]";

describe("readiness-probe-uses-an-exposed-port", () => {
  for (const [what, value] of [
    ["a number among the ports", { httpGet: { port: 8000 } }],
    ["the number in quotes", { httpGet: { port: "8000" } }],
    ["a name among the ports", { tcpSocket: { port: "http" } }],
    ["gRPC on one of the ports", { grpc: { port: 8000 } }],
    ["a command, which has no port", { exec: { command: ["check"] } }],
    ["a host of the probe's own", { httpGet: { host: "127.0.0.1", port: 9 } }],
    ["a port that nobody knows yet", { httpGet: { port: unknown } }],
    ["a probe that nobody knows yet", unknown],
  ] as const) {
    it(`accepts ${what}`, async () => {
      expect(await messagesOf(rule, changed(deployment, probe, value))).to.deep.equal([]);
    });
  }

  it("rejects a container without a probe", async () => {
    const [message] = await messagesOf(rule, changed(deployment, probe, undefined));
    expect(message).to.satisfy((text: string) =>
      text.startsWith(`${path}.readinessProbe is not set. Fix: set one`),
    );
  });

  for (const [what, value, probed] of [
    ["port 80 of a server on 8000", { httpGet: { port: 80 } }, "httpGet.port is 80"],
    ["a name that no port has", { tcpSocket: { port: "web" } }, "tcpSocket.port is web"],
    ["a gRPC port that is not exposed", { grpc: { port: 50051 } }, "grpc.port is 50051"],
  ] as const) {
    it(`rejects ${what}`, async () => {
      expect(await messagesOf(rule, changed(deployment, probe, value))).to.deep.equal([
        `${path}.readinessProbe.${probed}, but the container exposes http (8000). Fix: set the port that the server listens on, and list it in ${path}.ports`,
      ]);
    });
  }

  it("rejects a probe of a container without ports", async () => {
    const [message] = await messagesOf(
      rule,
      changed(deployment, [...container, "ports"], undefined),
    );
    expect(message).to.contain("but the container exposes no port");
  });

  it("accepts unknown ports", async () => {
    const wrong = changed(deployment, [...probe, "httpGet", "port"], 80);
    for (const keys of [["ports"], ["ports", 0], ["ports", 0, "containerPort"]]) {
      const subject = changed(wrong, [...container, ...keys], unknown);
      expect(await messagesOf(rule, subject), keys.join(".")).to.deep.equal([]);
    }
  });

  it("compares no ports on the host network, but requires a probe", async () => {
    const hostNetwork = changed(
      { ...deployment, type: "kubernetes:apps/v1:DaemonSet" },
      [...pod, "hostNetwork"],
      true,
    );
    const wrong = changed(hostNetwork, [...probe, "httpGet", "port"], 17472);
    expect(await messagesOf(rule, wrong)).to.deep.equal([]);
    expect(await messagesOf(rule, changed(hostNetwork, probe, undefined))).to.have.length(1);
  });

  it("requires no probe of init containers, and checks the port of a sidecar", async () => {
    const init = (value: object) =>
      messagesOf(rule, changed(deployment, [...pod, "initContainers"], [value]));
    const wrong = { readinessProbe: { httpGet: { port: 1 } }, ports: [{ containerPort: 2 }] };
    expect(await init({ name: "wait" })).to.deep.equal([]);
    expect(await init({ name: "proxy", restartPolicy: "Always" })).to.deep.equal([]);
    expect(await init({ name: "proxy", restartPolicy: "Always", ...wrong })).to.have.length(1);
  });

  it("requires no probe of pods that run to completion", async () => {
    const bare = changed(deployment, probe, undefined);
    for (const type of ["kubernetes:batch/v1:Job", "kubernetes:core/v1:Service"]) {
      expect(await messagesOf(rule, { ...bare, type })).to.deep.equal([]);
    }
    const type = "kubernetes:core/v1:Pod";
    const once = { restartPolicy: "Never", containers: [{ name: "once" }] };
    expect(await messagesOf(rule, { type, props: { spec: once } })).to.deep.equal([]);
    const always = { containers: [{ name: "server" }] };
    expect(await messagesOf(rule, { type, props: { spec: always } })).to.have.length(1);
  });
});
