import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs code after the shortcut, in a separate process, and returns what it prints as JSON. */
function afterShortcut(code: string): unknown {
  const script = `
    import { createRequire } from "node:module";
    const require = createRequire(${JSON.stringify(`${root}policies/pack.ts`)});
    await import(${JSON.stringify(`${root}policies/sdk/shortcut.ts`)});
    const loaded = () => Object.keys(require.cache).map((path) => path.slice(path.lastIndexOf("@pulumi/")));
    console.log(JSON.stringify(${code}));
  `;
  const args = ["--input-type=module", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }));
}

describe("the shortcut to the policy SDK", () => {
  it("loads no Automation API and no closure serialisation", () => {
    const loaded = afterShortcut('(require("@pulumi/policy"), loaded())') as string[];
    expect(loaded).to.include("@pulumi/policy/deserialize.js");
    expect(loaded.filter((path) => /pulumi\/(?:automation|runtime\/closure)\//.test(path))).to.be
      .empty;
  }).timeout(60_000);

  it("gives the SDK's own classes", () => {
    const same =
      '(({ asset, Output }) => [asset === require("@pulumi/pulumi/asset"), Output === require("@pulumi/pulumi/output").Output])(require("@pulumi/pulumi"))';
    expect(afterShortcut(same)).to.deep.equal([true, true]);
  }).timeout(60_000);

  it("gives every other export from the whole package", () => {
    expect(afterShortcut('typeof require("@pulumi/pulumi").automation.LocalWorkspace')).to.equal(
      "function",
    );
  }).timeout(60_000);
});
