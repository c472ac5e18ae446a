import path from "node:path";

import { expect } from "chai";

import { Workplace, type Stack } from "./support/stack.ts";
import { findTools } from "./support/tools.ts";

const project = { name: "gcp-previews", directory: path.join(import.meta.dirname, "gcpProgram") };

/** The lines of a preview's `--diff` that describe a resource. */
function sectionOf(output: string, name: string): string {
  const start = output.indexOf(`::${name}]`);
  const end = output.indexOf("    + ", start);
  return output.slice(start, end === -1 ? undefined : end);
}

describe("a preview of resources in Google Cloud", function () {
  this.timeout(300_000);
  let workplace: Workplace;
  let stack: Stack;

  before(async () => {
    workplace = await Workplace.open(findTools());
    stack = await workplace.stack("dev", project);
    await stack.configure({ "gcp:project": "my-project", "gcp:region": "europe-west1" });
    await stack.configure({ team: "hush-hush" }, true);
  });

  after(async () => {
    await workplace.close();
  });

  it("needs no account, names the stand-in, and shows what the original computes", async () => {
    const { code, output } = await stack.run(["preview", "--diff"]);
    expect(code, output).to.equal(0);
    expect(output.match(/provenet's stand-in for the gcp plugin/g)).to.have.length(1);
    expect(output).to.match(/\+ 11 to create/);
    expect(sectionOf(output, "logs")).to.contain(
      '"serviceAccount:provenet-nodes@my-project.iam.gserviceaccount.com"',
    );
    expect(sectionOf(output, "net")).to.match(/name +: "net-[0-9a-f]{7}"/);
    expect(sectionOf(output, "nat")).to.match(/router +: "router-[0-9a-f]{7}"/);
    expect(sectionOf(output, "cluster")).to.match(/network +: \[unknown\]/);
    expect(sectionOf(output, "cluster")).to.match(/deletionProtection +: true/);
    expect(output).to.match(/endpoint +: \[unknown\]/);
    expect(output).not.to.contain("hush-hush");
  });

  it("refuses every wrong field at once, with its path", async () => {
    const cluster = {
      addonsConfig: { networkPolicyConfg: { disabled: false } },
      masterAuthorizedNetworksConfig: { cidrBlocks: [{ displayName: "office" }] },
      releaseChannel: { channel: 7 },
    };
    await stack.configure({ cluster: JSON.stringify(cluster) });
    const { code, output } = await stack.run(["preview"]);
    expect(code).not.to.equal(0);
    for (const reason of [
      "addonsConfig.networkPolicyConfg is not a field. Fix: write networkPolicyConfig",
      "masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock is missing. Fix: set it to text",
      "releaseChannel.channel is the number 7. Fix: set it to text",
    ]) {
      expect(output).to.contain(
        `gcp:container/cluster:Cluster resource 'cluster' has a problem: ${reason}`,
      );
    }
    await stack.must(["config", "rm", "cluster"]);
  });

  it("refuses malformed settings of the provider", async () => {
    await stack.configure({ "gcp:region": "europe", "gcp:projekt": "x" });
    const { code, output } = await stack.run(["preview"]);
    expect(code).not.to.equal(0);
    expect(output).to.contain('region is "europe". Fix: set gcp:region to a region');
    expect(output).to.contain("projekt is not a field. Fix: write project");
    await stack.configure({ "gcp:region": "europe-west1" });
    await stack.must(["config", "rm", "gcp:projekt"]);
  });

  it("never becomes an update, which names the way to the official plugin", async () => {
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain("provenet's stand-in for the gcp plugin only previews");
    expect(output).to.contain(
      "Fix: install the official plugin with pulumi plugin install resource gcp",
    );
    const types = (await stack.recorded()).resources.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("gcp:"))).to.deep.equal([]);
  });
});
