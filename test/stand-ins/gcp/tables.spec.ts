import { expect } from "chai";

import type { Fields } from "../../../stand-ins/gcp/declarations.ts";
import { factsOf, typesWithFacts } from "../../../stand-ins/gcp/facts.ts";
import { brokenRules } from "../../../stand-ins/gcp/rules.ts";
import { rulesOf, typesWithRules } from "../../../stand-ins/gcp/validation.ts";
import { parsePath } from "../../../stand-ins/kit/paths.ts";
import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import type { Properties } from "../../../stand-ins/kit/values.ts";
import { catalogue, reasonsOf, types } from "./given.ts";

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

  it("knows a network from other texts", async () => {
    for (const [range, isRight] of [
      ["10.0.0.0/20", true],
      ["10.0.0.1/32", true],
      ["fd20::/48", true],
      ["10.0.0.0/33", false],
      ["10.0.0.256/8", false],
      ["fd20::/129", false],
      ["10.0.0.0/8/8", false],
      ["/20", false],
    ] as const) {
      const reasons = await reasonsOf(types.subnetwork, { network: "n", ipCidrRange: range });
      expect(reasons, range).to.have.length(isRight ? 0 : 1);
    }
    for (const [range, isRight] of [
      ["172.16.0.16/28", true],
      ["", true],
      ["172.16.0.8/28", false],
      ["172.16.0.0/24", false],
    ] as const) {
      const privateClusterConfig = { masterIpv4CidrBlock: range };
      const reasons = await reasonsOf(types.cluster, { ...cluster, privateClusterConfig });
      expect(reasons, range).to.have.length(isRight ? 0 : 1);
    }
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
