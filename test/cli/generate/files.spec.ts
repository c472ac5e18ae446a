import { expect } from "chai";
import { readFileSync } from "node:fs";

import { generatedFiles } from "../../../cli/generate/files.ts";

describe("the generated files", () => {
  for (const [name, textOf] of Object.entries(generatedFiles)) {
    it(`have the schema's content: ${name}`, () => {
      const current = readFileSync(name, "utf8");
      expect(textOf(current), "stale; Fix: run `npm run generate`").to.equal(current);
    });
  }
});
