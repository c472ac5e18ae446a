import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";

import { assertStateReachesRecorded } from "../../../cli/stack/existingCluster.ts";
import { UserError } from "../../../messages/errors.ts";
import { kubeconfigText, secret, serveHttps, signedInOnly } from "../../kube/support.ts";

const secretOf = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** An exported stack whose provider reaches a server as a cluster with this UID. */
const exportOf = (
  kubeconfig: string,
  clusterIdentifier: string,
  component: string,
): Deployment => ({
  version: 3,
  deployment: {
    resources: [
      { urn: "urn:pulumi:home::provenet::pulumi:pulumi:Stack::provenet-home" },
      {
        urn: `urn:pulumi:home::provenet::provenet:cluster:${component}$pulumi:providers:kubernetes::cluster-provider`,
        inputs: { kubeconfig: secretOf(kubeconfig), clusterIdentifier },
      },
    ],
  },
});

describe("before anything is deleted or refreshed", () => {
  let server: Awaited<ReturnType<typeof serveHttps>>;
  beforeEach(async () => {
    server = await serveHttps(signedInOnly);
  });
  afterEach(() => server.close());

  const check = async (
    uid: string,
    { user = { token: secret }, component = "ExistingCluster" } = {},
  ): Promise<unknown> => {
    const exported = exportOf(kubeconfigText(server.cluster, user), uid, component);
    try {
      await assertStateReachesRecorded(exported, "home");
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it("the recorded cluster is accepted", async () => {
    expect(await check("uid-1")).to.equal(undefined);
  });

  it("another cluster at the recorded address is refused, with both UIDs", async () => {
    const error = await check("uid-2");
    expect(error).to.be.instanceOf(UserError);
    expect(String(error)).to.contain("uid-1").and.to.contain("uid-2").and.not.to.contain(secret);
  });

  it("a cluster that cannot be asked is refused", async () => {
    const error = await check("uid-1", { user: { token: "old" } });
    expect(error)
      .to.be.instanceOf(UserError)
      .with.property("message")
      .that.matches(/^nothing is changed, .* answered 401/);
    expect(error).to.have.property("fix").that.contains("npm run up home");
  });

  it("a cluster that the program made is not asked", async () => {
    expect(await check("uid-2", { component: "MinikubeCluster" })).to.equal(undefined);
  });
});
