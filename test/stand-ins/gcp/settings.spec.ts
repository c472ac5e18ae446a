import { expect } from "chai";

import { faultsInSettings } from "../../../stand-ins/gcp/settings.ts";
import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import type { Properties } from "../../../stand-ins/kit/values.ts";
import { bag, catalogue, configured, outputsOf, reasonsOf, types } from "./given.ts";

function faultsOf(settings: Properties, environment: NodeJS.ProcessEnv = {}): string[] {
  return faultsInSettings(catalogue, bag(settings), environment).map(({ reason }) => reason);
}

describe("the settings of the gcp provider", () => {
  it("may be unknown, JSON in texts, and set by the environment", () => {
    expect(
      faultsOf({
        version: "9.37.0",
        project: "my-project",
        region: unknownMark,
        zone: "europe-west1-b",
        defaultLabels: '{"a":"b"}',
        userProjectOverride: "true",
        scopes: '["a"]',
      }),
    ).to.deep.equal([]);
    for (const project of ["example.com:my-project", "123456789012"]) {
      expect(faultsOf({}, { GOOGLE_PROJECT: project })).to.deep.equal([]);
    }
  });

  it("are refused all at once", () => {
    const wrong = {
      projekt: "x",
      defaultLabels: '{"a":1}',
      userProjectOverride: "maybe",
      project: "My Project",
      region: "europe",
      zone: "europe-west1",
    };
    expect(faultsOf(wrong)).to.have.members([
      "projekt is not a field. Fix: write project",
      "defaultLabels.a is the number 1. Fix: set it to text",
      'userProjectOverride is the text "maybe". Fix: set it to true or false',
      'project is "My Project". Fix: set gcp:project to a project\'s id, such as my-project-123: 6 to 30 lower-case letters, digits and hyphens',
      'region is "europe". Fix: set gcp:region to a region, such as europe-west1',
      'zone is "europe-west1". Fix: set gcp:zone to a zone, such as europe-west1-b',
    ]);
    expect(faultsOf({ project: "" })[0]).to.match(/^project is ""/);
    expect(faultsOf({}, { GOOGLE_REGION: "europe" })[0]).to.match(/^region is "europe"/);
  });

  it("give way to nothing: a resource without a project is refused", async () => {
    const none = {};
    expect(await reasonsOf(types.network, {}, none)).to.deep.equal([
      "project is not set, and the provider has none. Fix: set project, or run pulumi config set gcp:project",
    ]);
    expect(await reasonsOf(types.network, { project: "my-project" }, none)).to.deep.equal([]);
    expect(await reasonsOf(types.network, { project: unknownMark }, none)).to.deep.equal([]);
  });

  it("name the region or zone of what lies in one", async () => {
    const settings = { project: "my-project" };
    expect(await reasonsOf(types.address, {}, settings)).to.deep.equal([
      "region is not set, and the provider has none. Fix: set region, or run pulumi config set gcp:region",
    ]);
    expect(await reasonsOf(types.cluster, { name: "home" }, settings)).to.deep.equal([
      "location is not set, and the provider has none. Fix: set location, or run pulumi config set gcp:region",
    ]);
    const zone = { ...settings, zone: "europe-west1-b" };
    expect(await reasonsOf(types.address, {}, zone)).to.deep.equal([]);
    expect(await reasonsOf(types.cluster, { name: "home" }, zone)).to.deep.equal([]);
  });

  it("decide the deletion policy of resources without one", async () => {
    expect((await outputsOf(types.network, {})).outputs.deletionPolicy).to.equal("DELETE");
    const settings = { project: "my-project", deletionPolicy: "PREVENT" };
    expect((await outputsOf(types.network, {}, settings)).outputs.deletionPolicy).to.equal(
      "PREVENT",
    );
  });

  it("come with one warning that names the stand-in", async () => {
    expect((await configured()).lines).to.have.length(1);
    expect((await configured()).lines[0]).to.match(
      /^warning: .* provenet's stand-in for the gcp plugin 9\.37\.0\. .* asks Google nothing/,
    );
  });
});
