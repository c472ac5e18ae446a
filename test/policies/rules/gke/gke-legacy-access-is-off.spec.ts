import { expect } from "chai";

import { gkeLegacyAccessIsOff as rule } from "../../../../policies/rules/gke/gke-legacy-access-is-off.ts";
import { autopilot, gkeCluster } from "../../gke.ts";
import { changed, deployment, messagesOf, secret, unknown } from "../../support.ts";

const certificate = ["masterAuth", "clientCertificateConfig", "issueClientCertificate"];

describe("gke-legacy-access-is-off", () => {
  it("accepts a cluster that switches them off or does not mention them", async () => {
    expect(await messagesOf(rule, gkeCluster)).to.deep.equal([]);
    expect(await messagesOf(rule, autopilot)).to.deep.equal([]);
  });

  it("rejects attribute-based access control", async () => {
    expect(await messagesOf(rule, changed(gkeCluster, ["enableLegacyAbac"], true))).to.deep.equal([
      "enableLegacyAbac is true. Fix: set false, or remove it",
    ]);
  });

  it("rejects a client certificate, also in Autopilot", async () => {
    for (const subject of [gkeCluster, changed(autopilot, certificate.slice(0, 2), {})]) {
      expect(await messagesOf(rule, changed(subject, certificate, true))).to.deep.equal([
        `${certificate.join(".")} is true. Fix: set false, or remove it`,
      ]);
    }
  });

  it("rejects a password without printing it", async () => {
    const password = changed(gkeCluster, ["masterAuth", "password"], secret("hunter2"));
    expect(await messagesOf(rule, password)).to.deep.equal([
      "masterAuth.password is set. Fix: remove it",
    ]);
    const name = changed(gkeCluster, ["masterAuth", "username"], "admin");
    expect(await messagesOf(rule, name)).to.have.length(1);
    // Older providers switch the password off with an empty name.
    expect(await messagesOf(rule, changed(gkeCluster, ["masterAuth", "username"], ""))).to.be.empty;
  });

  it("accepts unknown values", async () => {
    for (const key of [["enableLegacyAbac"], ["masterAuth"], certificate]) {
      expect(await messagesOf(rule, changed(gkeCluster, key, unknown))).to.deep.equal([]);
    }
  });

  it("ignores other kinds", async () => {
    expect(await messagesOf(rule, changed(deployment, ["enableLegacyAbac"], true))).to.be.empty;
  });
});
