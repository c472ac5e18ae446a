import { spawnSync } from "node:child_process";

import { expect } from "chai";

import { projectRoot } from "../../../cli/stack/project.ts";
import { RecordedPulumi } from "../support/recordedPulumi.ts";

describe("the program that runs a preview", function () {
  this.timeout(60_000);

  it("does not select a stack, because that would change the user's selected stack", () => {
    const pulumi = new RecordedPulumi();
    const args = ["cli/stack/previewEvents.ts", "dev", "/p/Pulumi.dev.yaml"];
    spawnSync(process.execPath, args, {
      cwd: projectRoot,
      env: { ...process.env, ...pulumi.variables },
    });
    const runs = pulumi.runs();
    pulumi.remove();
    expect(runs.filter((run) => run.startsWith("stack"))).to.deep.equal([]);
    expect(runs.filter((run) => run.startsWith("preview"))).to.have.length(1);
    expect(runs.at(-1)).to.match(/--stack dev/);
  });
});
