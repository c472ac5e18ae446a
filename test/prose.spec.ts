import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";

import { projectRoot } from "../cli/stack/project.ts";

/** Words that the writing rules replace, with what to write. */
const replaced: readonly (readonly [RegExp, string])[] = [
  [/\b(told|tells)\b/i, "reported, shows, distinguishes"],
  [/\bof (its|their) own\b|\bof ours\b/i, "separate, provenet's"],
  [/\bbeside\b/i, "next to, compared with"],
  [/\b(mend|mends|mended|mending)\b/i, "fix"],
  [/\banew\b/i, "again"],
  [/\brightly\b/i, "correctly"],
  [/\bwhat is asked\b/i, "the request"],
  [/\b(is|are) to be\b/i, "must be, is"],
  [/\b(says|say) so\b/i, "name what is said"],
];

const folders = ["node_modules", ".git", ".provenet"].map((name) => `${name}/**`);
const files = globSync("**/*.{ts,cjs,mjs,md,sh,yaml}", { cwd: projectRoot, exclude: folders });

/** The lines of a text that use a replaced word. */
function findings(text: string): string[] {
  return text.split("\n").flatMap((line, index) =>
    replaced.flatMap(([word, instead]) => {
      const found = word.exec(line)?.[0];
      return found === undefined ? [] : [`line ${index + 1}: "${found}"; write ${instead}`];
    }),
  );
}

describe("the prose of this project", () => {
  it("is searched in every folder", () => {
    expect(files).to.include.members(["README.md", "index.ts", "docs/verdict.md", "lab/decide.ts"]);
  });

  it("is refused with the line and the word to write", () => {
    expect(findings("fine\nThe pool is mended anew.")).to.deep.equal([
      'line 2: "mended"; write fix',
      'line 2: "anew"; write again',
    ]);
  });

  it("uses no replaced word", () => {
    const own = "test/prose.spec.ts";
    const found = files
      .filter((file) => file !== own)
      .flatMap((file) =>
        findings(readFileSync(`${projectRoot}/${file}`, "utf8")).map((each) => `${file}, ${each}`),
      );
    expect(found).to.deep.equal([]);
  });
});
