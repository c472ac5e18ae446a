import { expect } from "chai";

import { faultsIn } from "../../../stand-ins/gcp/faults.ts";
import { suggestion } from "../../../stand-ins/gcp/suggestion.ts";
import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import type { Path, Properties } from "../../../stand-ins/kit/values.ts";
import { catalogue, types } from "./given.ts";

function faultsOf(type: string, value: Properties, secrets: readonly Path[] = []): string[] {
  const declared = catalogue.resource(type);
  if (!declared) throw new Error(type);
  return faultsIn({ catalogue, secrets }, declared.inputs, value).map(({ reason }) => reason);
}

describe("the inputs of a gcp resource", () => {
  it("may be everything that the SDK's types allow, and unknown anywhere", () => {
    const cluster = {
      addonsConfig: { networkPolicyConfig: { disabled: false } },
      masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: unknownMark }] },
      maintenancePolicy: unknownMark,
      nodeConfig: { labels: { a: "b", c: unknownMark }, oauthScopes: ["x"], diskSizeGb: 20 },
      resourceLabels: null,
    };
    expect(faultsOf(types.cluster, cluster)).to.deep.equal([]);
  });

  it("are refused all at once, each with its path", () => {
    const cluster = {
      adonsConfig: {},
      addonsConfig: { networkPolicyConfg: { disabled: false } },
      masterAuthorizedNetworksConfig: { cidrBlocks: [{}, { cidrBlock: 1, displayName: "b" }] },
      nodeConfig: { labels: { "a.b": 1 }, oauthScopes: "all", diskSizeGb: "20" },
      deletionProtection: "true",
      releaseChannel: "REGULAR",
    };
    expect(faultsOf(types.cluster, cluster)).to.have.members([
      "adonsConfig is not a field. Fix: write addonsConfig",
      "addonsConfig.networkPolicyConfg is not a field. Fix: write networkPolicyConfig",
      "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock is missing. Fix: set it to text",
      "masterAuthorizedNetworksConfig.cidrBlocks[1].cidrBlock is the number 1. Fix: set it to text",
      'nodeConfig.labels["a.b"] is the number 1. Fix: set it to text',
      'nodeConfig.oauthScopes is the text "all". Fix: set it to a list, each item text',
      'nodeConfig.diskSizeGb is the text "20". Fix: set it to a number',
      'deletionProtection is the text "true". Fix: set it to true or false',
      'releaseChannel is the text "REGULAR". Fix: set it to an object',
    ]);
  });

  it("are missing when they are required and null", () => {
    expect(faultsOf(types.nodePool, { cluster: null })).to.deep.equal([
      "cluster is missing. Fix: set it to text",
    ]);
    expect(faultsOf(types.nodePool, { cluster: unknownMark })).to.deep.equal([]);
  });

  it("are one of the documented values", () => {
    const fix = "Fix: use one of REGIONAL, GLOBAL";
    expect(faultsOf(types.network, { routingMode: "LOCAL" })).to.deep.equal([
      `routingMode is the text "LOCAL". ${fix}`,
    ]);
    for (const routingMode of ["GLOBAL", "", unknownMark]) {
      expect(faultsOf(types.network, { routingMode })).to.deep.equal([]);
    }
    const subnetwork = { network: "n", logConfig: { metadata: "ALL" } };
    expect(faultsOf(types.subnetwork, subnetwork)).to.deep.equal([
      'logConfig.metadata is the text "ALL". Fix: use one of EXCLUDE_ALL_METADATA, INCLUDE_ALL_METADATA, CUSTOM_METADATA',
    ]);
  });

  it("are not shown when they are secret", () => {
    for (const secret of [["nodeConfig"], ["nodeConfig", "diskSizeGb"]]) {
      const faults = faultsOf(types.cluster, { nodeConfig: { diskSizeGb: "hush" } }, [secret]);
      expect(faults).to.deep.equal(["nodeConfig.diskSizeGb is the text. Fix: set it to a number"]);
    }
  });

  it("are checked for every resource type of the package", () => {
    const found = Object.entries({
      "gcp:projects/iAMMember:IAMMember": "member",
      "gcp:compute/uRLMap:URLMap": "hostRules",
      "gcp:vectorsearch/index:Index": "location",
      "gcp:privilegedaccessmanager/entitlement:entitlement": "parent",
    }).map(([type, field]) => catalogue.resource(type)?.inputs.has(field));
    expect(found).to.deep.equal([true, true, true, true]);
    const none = ["gcp:compute/network:Subnetwork", "gcp:compute/none:None", "gcp:x", "aws:a/b:B"];
    expect(none.filter((type) => catalogue.resource(type))).to.deep.equal([]);
  });

  it("take assets where the package does", () => {
    const object = "gcp:storage/bucketObject:BucketObject";
    const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17" };
    expect(faultsOf(object, { bucket: "b", source: asset })).to.deep.equal([]);
    expect(faultsOf(object, { bucket: "b", source: "file" })).to.deep.equal([
      'source is the text "file". Fix: set it to an asset or an archive',
    ]);
  });
});

describe("the suggestion for an unknown field", () => {
  for (const [wrong, names, expected] of [
    ["nmae", ["name", "zone"], "write name"],
    ["Region", ["region", "zone"], "write region"],
    ["networks", ["network", "networkx", "zone"], "write network or networkx"],
    ["machine", ["machineType", "zone"], "write machineType"],
    ["xyzxyz", ["zone", "name"], "use one of name, zone"],
    ["any", [], "remove it"],
  ] as const) {
    it(`${wrong} of ${names.join(", ") || "nothing"} is: ${expected}`, () => {
      expect(suggestion(wrong, names)).to.equal(expected);
    });
  }

  it("shows a part of many names", () => {
    const names = Array.from(
      { length: 30 },
      (_, index) => `field${String(index).padStart(2, "0")}`,
    );
    expect(suggestion("other", names)).to.match(/^use one of field00, .*, field23 and 6 more$/);
  });
});
