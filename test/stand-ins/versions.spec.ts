import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { standInVersions } from "../../stand-ins/versions.ts";

describe("the stand-ins' versions", () => {
  const manifest = path.join(import.meta.dirname, "..", "..", "package.json");
  const { dependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
    dependencies: Record<string, string>;
  };

  for (const [name, version] of Object.entries(standInVersions)) {
    it(`match @pulumi/${name}`, () => {
      expect(dependencies[`@pulumi/${name}`]).to.equal(version);
    });
  }
});
