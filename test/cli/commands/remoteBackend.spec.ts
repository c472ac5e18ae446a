import { spawnSync } from "node:child_process";

import { expect } from "chai";

import { projectRoot } from "../../../cli/stack/project.ts";

describe("a remote backend in the lab", function () {
  this.timeout(60_000);

  for (const variables of [{ PULUMI_ACCESS_TOKEN: "t" }, { PULUMI_BACKEND_URL: "s3://states" }]) {
    it(`is refused with its remedy: ${Object.keys(variables).join()}`, () => {
      // Pulumi.lab.yaml needs the lab on every machine.
      const { status, stderr } = spawnSync(process.execPath, ["cli/main.ts", "preview", "lab"], {
        ...{ cwd: projectRoot, encoding: "utf8", timeout: 50_000 },
        env: { ...process.env, ...variables, PROVENET_LAB: `test-${process.pid}` },
      });
      expect(stderr).to.match(/^error: the lab cannot reach the backend .*\nFix: unset it/m);
      expect(status).to.equal(2);
    });
  }
});
