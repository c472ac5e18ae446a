import { expect } from "chai";

import { factsOf, nameRuleOf, typesWithFacts } from "../../../stand-ins/gcp/facts.ts";
import type { Fields } from "../../../stand-ins/gcp/declarations.ts";
import { brokenRules } from "../../../stand-ins/gcp/rules.ts";
import { rulesOf, typesWithRules } from "../../../stand-ins/gcp/validation.ts";
import { parsePath } from "../../../stand-ins/kit/paths.ts";
import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import { at, type Properties } from "../../../stand-ins/kit/values.ts";
import { bag, catalogue, configured, outputsOf, previewOf, reasonsOf, types } from "./given.ts";

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

describe("the original's validation", () => {
  const cluster = { name: "home", location: "europe-west1" };

  it("accepts what Google accepts", async () => {
    expect(
      await reasonsOf(types.cluster, {
        ...cluster,
        releaseChannel: { channel: "REGULAR" },
        networkPolicy: { enabled: true, provider: "CALICO" },
        datapathProvider: unknownMark,
      }),
    ).to.deep.equal([]);
    expect(await reasonsOf(types.firewall, { network: "n", allows: unknownMark })).to.deep.equal(
      [],
    );
  });

  it("does not show a secret", () => {
    const rules = { words: { "list.word": ["a"] } };
    const inputs = { list: [{ word: "hush" }] };
    for (const secret of [["list"], ["list", 0], ["list", 0, "word"]]) {
      const [failure] = brokenRules(rules, inputs, [secret]);
      expect(failure?.reason).to.equal("list.word is wrong. Fix: use a");
    }
    const [shown] = brokenRules(rules, inputs, [["other"]]);
    expect(shown?.reason).to.equal('list.word is "hush". Fix: use a');
  });

  const refused: readonly (readonly [string, string, Properties, string])[] = [
    [
      "a word",
      types.cluster,
      { ...cluster, releaseChannel: { channel: "NEWEST" } },
      'releaseChannel.channel is "NEWEST". Fix: use one of UNSPECIFIED, RAPID, REGULAR, STABLE, EXTENDED',
    ],
    [
      "a word in a list",
      types.nodePool,
      { cluster: "c", nodeConfig: { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] } },
      'nodeConfig.taints.effect is "NoSchedule". Fix: use one of NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE',
    ],
    [
      "a name",
      types.cluster,
      { ...cluster, name: "x".repeat(41) },
      `name is "${"x".repeat(41)}". Fix: use 1 to 40 lower-case letters, digits and hyphens, from a letter to a letter or digit`,
    ],
    [
      "a range",
      types.subnetwork,
      { network: "n", ipCidrRange: "10.0.0.0" },
      'ipCidrRange is "10.0.0.0". Fix: write a network such as 10.128.0.0/20',
    ],
    [
      "two ways",
      types.cluster,
      { ...cluster, enableAutopilot: true, networkPolicy: { enabled: true } },
      "networkPolicy and enableAutopilot exclude each other. Fix: remove one of them",
    ],
    [
      "no way",
      types.firewall,
      { network: "n" },
      "it sets none of allows, denies. Fix: set exactly one",
    ],
    [
      "both ways",
      types.cluster,
      {
        ...cluster,
        maintenancePolicy: {
          dailyMaintenanceWindow: { startTime: "03:00" },
          recurringWindow: { startTime: "a", endTime: "b", recurrence: "c" },
        },
      },
      "maintenancePolicy sets dailyMaintenanceWindow and recurringWindow of dailyMaintenanceWindow, recurringWindow, recurringMaintenanceWindow. Fix: set exactly one",
    ],
  ];
  for (const [what, type, inputs, reason] of refused) {
    it(`refuses ${what} with the remedy`, async () => {
      expect(await reasonsOf(type, inputs)).to.deep.equal([reason]);
    });
  }
});

describe("the tables about types", () => {
  const declaredAt = (type: string, path: string): boolean => {
    let fields: Fields | undefined = catalogue.resource(type)?.inputs;
    const output = catalogue.resource(type)?.outputs;
    return parsePath(path).every((step, index) => {
      const field =
        fields?.get(String(step)) ?? (index === 0 ? output?.get(String(step)) : undefined);
      const inner = field?.shape.kind === "list" ? field.shape.of : field?.shape;
      fields = inner?.kind === "object" ? catalogue.object("input", inner.type) : undefined;
      return field !== undefined;
    });
  };

  for (const type of typesWithFacts) {
    it(`name only fields of ${type}`, () => {
      const {
        defaults,
        replacing,
        secrets = [],
        needs,
      } = factsOf(type) ?? { defaults: {}, replacing: [] };
      const paths = [...Object.keys(defaults), ...replacing, ...secrets, ...(needs ? [needs] : [])];
      expect(paths.filter((path) => !declaredAt(type, path))).to.deep.equal([]);
    });
  }

  for (const type of typesWithRules) {
    it(`have rules only for fields of ${type}`, () => {
      const { words = {}, formats = {}, conflicts = [], exactlyOne = {} } = rulesOf(type);
      const paths = [
        ...Object.keys(words),
        ...Object.keys(formats),
        ...conflicts.flat(),
        ...Object.entries(exactlyOne).flatMap(([path, names]) =>
          names.map((name) => (path === "" ? name : `${path}.${name}`)),
        ),
      ];
      expect(paths.filter((path) => !declaredAt(type, path))).to.deep.equal([]);
    });
  }

  it("are about types of the package", () => {
    for (const type of [...typesWithFacts, ...typesWithRules]) {
      expect(catalogue.resource(type), type).not.to.equal(undefined);
    }
    expect(catalogue.version).to.equal("9.37.0");
  });
});
