import type { FirewallArgs } from "@pulumi/gcp/compute/firewall.js";
import { expect } from "chai";

import { privateGkeAdmitsItsWebhooks as rule } from "../../../../policies/rules/gke/private-gke-admits-its-webhooks.ts";
import { gkeCluster, gkePool } from "../../gke.ts";
import {
  changed,
  container,
  deployment,
  unknown,
  violationsOf,
  type Subject,
} from "../../support.ts";

const webhook: Subject = {
  type: "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
  name: "webhook",
  props: {
    webhooks: [
      { name: "a.example.com", clientConfig: { service: { name: "web", namespace: "web" } } },
    ],
  },
};
const reference = ["webhooks", 0, "clientConfig", "service"];
const service: Subject = {
  type: "kubernetes:core/v1:Service",
  name: "service",
  props: {
    metadata: { name: "web", namespace: "web" },
    spec: { selector: { app: "web" }, ports: [{ port: 443, targetPort: 8443 }] },
  },
};
const target = ["spec", "ports", 0, "targetPort"];
const firewallArgs: FirewallArgs = {
  network: "provenet",
  sourceRanges: ["172.16.0.0/28"],
  allows: [{ protocol: "tcp", ports: ["8443"] }],
};
const firewall: Subject = {
  type: "gcp:compute/firewall:Firewall",
  name: "firewall",
  props: { ...firewallArgs },
};
const run = async (...subjects: readonly Subject[]) =>
  (await violationsOf(rule, [gkeCluster, ...subjects])).map(({ message }) => message);
const open = (keys: readonly (string | number)[], value: unknown) =>
  run(webhook, service, changed(firewall, keys, value));

describe("private-gke-admits-its-webhooks", () => {
  it("accepts a webhook with a firewall rule", async () => {
    expect(await run(webhook, service, firewall)).to.deep.equal([]);
  });

  for (const kind of ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]) {
    it(`rejects a ${kind} without one`, async () => {
      const type = `kubernetes:admissionregistration.k8s.io/v1:${kind}`;
      expect(await run({ ...webhook, type }, service)).to.deep.equal([
        'webhooks[0].clientConfig.service leads to port 8443, which no firewall rule opens from the control plane. Fix: add a gcp.compute.Firewall with sourceRanges ["172.16.0.0/28"] and allows [{ protocol: "tcp", ports: ["8443"] }]',
      ]);
    });
  }

  for (const [what, keys, value] of [
    ["another port", ["allows", 0, "ports"], ["8080", "8444-9000"]],
    ["udp", ["allows", 0, "protocol"], "udp"],
    ["other sources", ["sourceRanges"], ["10.0.0.0/8"]],
    ["a part of the control plane", ["sourceRanges"], ["172.16.0.0/29"]],
    ["sources by tag only", ["sourceRanges"], undefined],
    ["the other direction", ["direction"], "EGRESS"],
    ["a rule that is disabled", ["disabled"], true],
    ["a rule that denies", ["allows"], undefined],
  ] as const) {
    it(`rejects a firewall rule for ${what}`, async () => {
      expect(await open(keys, value)).to.have.length(1);
    });
  }

  for (const [what, keys, value] of [
    ["a range of ports", ["allows", 0, "ports"], ["80", "8000-9000"]],
    ["all ports", ["allows", 0, "ports"], undefined],
    ["all protocols", ["allows", 0], { protocol: "all" }],
    ["tcp by its number", ["allows", 0, "protocol"], "6"],
    ["a wider source", ["sourceRanges"], ["192.0.2.0/24", "172.16.0.0/12"]],
    ["unknown ports", ["allows", 0, "ports"], unknown],
    ["an unknown port", ["allows", 0, "ports"], [unknown]],
    ["an unknown protocol", ["allows", 0, "protocol"], unknown],
    ["unknown sources", ["sourceRanges"], unknown],
    ["an unknown source", ["sourceRanges"], [unknown]],
    ["what is unknown", ["allows"], unknown],
  ] as const) {
    it(`accepts a firewall rule for ${what}`, async () => {
      expect(await open(keys, value)).to.deep.equal([]);
    });
  }

  it("resolves the port of the pods", async () => {
    const to = (port: unknown) => run(webhook, changed(service, target, port), deployment);
    // GKE opens these itself.
    for (const port of [443, 10250, undefined]) expect(await to(port)).to.deep.equal([]);
    // The Deployment's container has the port 8000 with the name http.
    expect((await to("http"))[0]).to.contain("port 8000");
    for (const port of ["other", unknown]) expect(await to(port)).to.deep.equal([]);
    const moved = changed(deployment, [...container, "ports", 0, "containerPort"], 443);
    expect(await run(webhook, changed(service, target, "http"), moved)).to.deep.equal([]);

    const second = changed(service, ["spec", "ports", 1], { port: 9443, targetPort: 9000 });
    const named = changed(webhook, [...reference, "port"], 9443);
    expect((await run(named, second))[0]).to.contain("port 9000");
    expect(await run(changed(webhook, [...reference, "port"], unknown), second)).to.be.empty;

    const same = changed(second, ["spec", "ports", 1, "targetPort"], undefined);
    expect((await run(named, same))[0]).to.contain("port 9443");
    const nameless = changed(deployment, [...container, "ports", 0, "name"], undefined);
    expect(await run(webhook, changed(service, target, unknown), nameless)).to.deep.equal([]);
  });

  it("judges only clusters with private nodes", async () => {
    const enablePrivateNodes = ["privateClusterConfig", "enablePrivateNodes"];
    const open = changed(gkeCluster, enablePrivateNodes, false);
    expect(await violationsOf(rule, [open, webhook, service])).to.deep.equal([]);
    expect(await violationsOf(rule, [open, gkePool, webhook, service])).to.have.length(1);
    expect(await violationsOf(rule, [webhook, service])).to.deep.equal([]);
  });

  it("accepts any source while the control plane's network is unknown", async () => {
    for (const value of [unknown, undefined]) {
      const keys = ["privateClusterConfig", "masterIpv4CidrBlock"];
      const cluster = changed(gkeCluster, keys, value);
      const elsewhere = changed(firewall, ["sourceRanges"], ["192.0.2.0/24"]);
      expect(await violationsOf(rule, [cluster, webhook, service, elsewhere])).to.deep.equal([]);
      const [found] = await violationsOf(rule, [cluster, webhook, service]);
      expect(found?.message).to.contain(`sourceRanges ["the control plane's network"]`);
    }
  });

  it("ignores webhooks that fail no request or lead elsewhere", async () => {
    expect(await run(changed(webhook, ["webhooks", 0, "failurePolicy"], "Ignore"), service)).to.be
      .empty;
    expect(
      await run(changed(webhook, ["webhooks", 0, "failurePolicy"], "Fail"), service),
    ).to.have.lengthOf(1);
    const others = [
      [["webhooks", 0, "clientConfig"], { url: "https://webhook.example.com" }],
      [["webhooks", 0, "failurePolicy"], unknown],
      [["webhooks"], unknown],
      [reference, unknown],
      [[...reference, "name"], "other"],
      [[...reference, "namespace"], "other"],
    ] as const;
    for (const [keys, value] of others) {
      expect(await run(changed(webhook, keys, value), service), keys.join(".")).to.be.empty;
    }
    expect(await run(webhook)).to.deep.equal([]);
  });
});
