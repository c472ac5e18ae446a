import { expect } from "chai";

import { nameRuleOf } from "../../../stand-ins/gcp/facts.ts";
import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import { at, type Properties } from "../../../stand-ins/kit/values.ts";
import { bag, configured, outputsOf, previewOf, types } from "./given.ts";

describe("a preview of a new gcp resource", () => {
  it("repeats the inputs, and knows nothing that Google computes", async () => {
    const { id, outputs } = await outputsOf(types.cluster, {
      location: "europe-west1",
      privateClusterConfig: { enablePrivateNodes: true },
    });
    expect(id).to.equal("");
    expect(outputs).to.include({ location: "europe-west1", endpoint: unknownMark });
    expect(outputs).not.to.have.property("minMasterVersion");
    expect(at(outputs, "privateClusterConfig")).to.deep.equal({
      enablePrivateNodes: true,
      masterGlobalAccessConfig: unknownMark,
      masterIpv4CidrBlock: unknownMark,
      peeringName: unknownMark,
      privateEndpoint: unknownMark,
      publicEndpoint: unknownMark,
    });
  });

  it("takes the project from the provider, and never over the resource's own", async () => {
    const ofProvider = await outputsOf(types.network, {});
    expect(ofProvider.outputs.project).to.equal("my-project");
    expect(ofProvider.inputs).not.to.have.property("project");
    const own = await outputsOf(types.network, { project: "other-project" });
    expect(own.outputs.project).to.equal("other-project");
  });

  it("computes the labels with those of the provider and of Pulumi, as secrets", async () => {
    const settings = {
      project: "my-project",
      region: "europe-west1",
      defaultLabels: '{"a":"1","b":"1"}',
    };
    const { outputs, secrets } = await outputsOf(types.address, { labels: { b: "2" } }, settings);
    const labels = { a: "1", b: "2", "goog-pulumi-provisioned": "true" };
    expect(outputs).to.deep.include({ pulumiLabels: labels, effectiveLabels: labels });
    expect(secrets).to.deep.include.members([["pulumiLabels"], ["effectiveLabels"]]);
    const off = { ...settings, addPulumiAttributionLabel: "false" };
    const { outputs: plain } = await outputsOf(types.address, {}, off);
    expect(plain.pulumiLabels).to.deep.equal({ a: "1", b: "1" });
    const unknown = await outputsOf(types.address, { labels: { b: unknownMark } }, settings);
    expect(unknown.outputs.pulumiLabels).to.equal(unknownMark);
  });

  it("knows the e-mail address of a service account when it knows its id and project", async () => {
    const { outputs } = await outputsOf(types.account, { accountId: "nodes-1" });
    expect(outputs).to.include({
      email: "nodes-1@my-project.iam.gserviceaccount.com",
      member: "serviceAccount:nodes-1@my-project.iam.gserviceaccount.com",
    });
    const unknown = await outputsOf(types.account, { accountId: unknownMark });
    expect(unknown.outputs.email).to.equal(unknownMark);
  });

  it("fills the original's defaults, those inside an object only with the object", async () => {
    const { inputs } = await outputsOf(types.network, { autoCreateSubnetworks: false });
    expect(inputs).to.include({
      autoCreateSubnetworks: false,
      networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
    });
    expect(inputs.__defaults).to.deep.equal(["name", "networkFirewallPolicyEnforcementOrder"]);
    const subnetwork = { network: "n", ipCidrRange: "10.0.0.0/20" };
    expect((await outputsOf(types.subnetwork, subnetwork)).inputs).not.to.have.property(
      "logConfig",
    );
    const logged = await outputsOf(types.subnetwork, {
      ...subnetwork,
      logConfig: { flowSampling: 1 },
    });
    expect(logged.inputs.logConfig).to.deep.equal({
      aggregationInterval: "INTERVAL_5_SEC",
      filterExpr: "true",
      flowSampling: 1,
      metadata: "INCLUDE_ALL_METADATA",
    });
  });

  it("keeps secret inputs secret, and the cluster's client key", async () => {
    const { provider } = await configured();
    const secret = [["masterAuth", "clientCertificateConfig"]];
    const inputs = {
      location: "europe-west1",
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    };
    const checked = await provider.check(previewOf(types.cluster), bag({}), bag(inputs, secret));
    expect(checked.inputs.secrets).to.deep.equal(secret);
    const { state } = await provider.create(previewOf(types.cluster), checked.inputs);
    expect(state.secrets).to.deep.include.members([...secret, ["masterAuth", "clientKey"]]);
  });
});

describe("the generated name of a gcp resource", () => {
  const nameOf = async (
    type: string,
    given: Parameters<typeof previewOf>[1],
    olds: Properties = {},
    news: Properties = {},
  ) => {
    const { provider } = await configured();
    const { inputs, failures } = await provider.check(previewOf(type, given), bag(olds), bag(news));
    return failures.length > 0
      ? failures.map(({ reason }) => reason)
      : inputs.value[nameRuleOf(type).field];
  };

  it("is the resource's name with seven characters, which depend on the seed", async () => {
    const randomSeed = new Uint8Array([1, 2]);
    const name = await nameOf(types.address, { name: "home", randomSeed });
    expect(name).to.match(/^home-[0-9a-f]{7}$/);
    expect(await nameOf(types.address, { name: "home", randomSeed })).to.equal(name);
    expect(await nameOf(types.address, { name: "home" })).not.to.equal(name);
  });

  it("is in lower case where the original does so", async () => {
    expect(await nameOf(types.network, { name: "Home" })).to.match(/^home-/);
    expect(await nameOf(types.nodePool, { name: "Home" }, {}, { cluster: "c" })).to.match(/^Home-/);
  });

  it("stays, and follows the project's rules", async () => {
    expect(
      await nameOf(types.network, {}, { name: "home-1234567", __defaults: ["name"] }),
    ).to.equal("home-1234567");
    expect(await nameOf(types.network, {}, { name: "home-1234567" })).to.equal("home-1234567");
    expect(await nameOf(types.network, {}, { name: "own", __defaults: [] })).to.match(/^home-/);
    expect(await nameOf(types.network, { proposedName: "proposed" })).to.equal("proposed");
  });

  it("is refused with everything else when it is too long or forbidden", async () => {
    expect(
      await nameOf(types.account, { name: "a-name-with-more-than-thirty-characters" }),
    ).to.match(
      /the generated accountId a-name-.* has 47 characters, and 30 are allowed\nFix: set accountId/,
    );
    expect(
      await nameOf(types.network, { proposedName: null }, {}, { routingMode: "x" }),
    ).to.deep.equal([
      'routingMode is the text "x". Fix: use one of REGIONAL, GLOBAL',
      "autonaming is disabled in this project\nFix: set name",
    ]);
  });
});
