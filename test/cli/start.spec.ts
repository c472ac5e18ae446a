import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

interface Start {
  readonly whyInstall: (folder: string) => string | undefined;
  readonly installFault: (output: string, registry: string) => string;
  readonly chooseNode: (folder: string, version: string, path: string) => string | undefined;
}

const { whyInstall, installFault, chooseNode } = createRequire(import.meta.url)(
  "../../cli/start.cjs",
) as Start;

type Packages = Record<string, { version: string; optional?: boolean }>;

describe("starting from a bare clone", () => {
  let folder: string;
  const write = (file: string, packages: Packages) => {
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  };
  const locked: Packages = {
    "": { version: "1.0.0" },
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provenet-start-"));
    mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
    write("package-lock.json", locked);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("installs when an earlier installation did not finish", () => {
    expect(whyInstall(folder)).to.equal("they are missing");
  });

  it("installs nothing when every package has the locked version", () => {
    write("node_modules/.package-lock.json", { "node_modules/a": { version: "1.0.0" } });
    expect(whyInstall(folder)).to.equal(undefined);
  });

  it("names the package whose version differs from the lockfile's", () => {
    write("node_modules/.package-lock.json", { "node_modules/a": { version: "0.9.0" } });
    expect(whyInstall(folder)).to.equal("a changed");
  });

  it("names a package that is new in the lockfile", () => {
    write("node_modules/.package-lock.json", {});
    expect(whyInstall(folder)).to.equal("a changed");
  });

  it("names an optional package whose version differs from the lockfile's", () => {
    write("node_modules/.package-lock.json", {
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "1.0.0" },
    });
    expect(whyInstall(folder)).to.equal("b changed");
  });

  it("ignores a half-written lockfile of npm", () => {
    writeFileSync(join(folder, "node_modules/.package-lock.json"), '{"packages": {');
    expect(whyInstall(folder)).to.equal("they are missing");
  });

  const failures = [
    [
      "npm error code ETIMEDOUT",
      /registry https:\/\/r\.test does not answer\nFix: check the connection/,
    ],
    ["npm error code EAI_AGAIN", /does not answer/],
    ["npm error network request failed", /does not answer/],
    ["npm error code ENOTCACHED", /does not answer/],
    ["npm error ENOSPC: no space left on device", /no space left .*\nFix: free 1 GB/],
    [
      "npm error 404 Not Found - GET https://r.test/zod",
      /has no https:\/\/r\.test\/zod\nFix: name a registry/,
    ],
    ["npm error code EUSAGE\nnpm error not in sync", /do not agree\nFix: run `npm install`/],
    ["npm error code EACCES", /may not write .*\nFix: make the folder yours/],
    [
      "npm error code ERESOLVE\nnpm error could not resolve",
      /ERESOLVE; could not resolve\nFix: run `npm ci`/,
    ],
  ] as const;
  for (const [output, line] of failures) {
    it(`explains "${output.split("\n")[0] ?? ""}" in one line, with a fix in the next`, () => {
      const text = installFault(output, "https://r.test");
      expect(text).to.match(line);
      expect(text.split("\n")).to.have.length(2);
    });
  }

  it("prefers the Node that npm installed to the running one", () => {
    const own = join(folder, "node_modules", ".bin", "node");
    writeFileSync(own, "");
    expect(chooseNode(folder, "24.0.0", "/usr/bin/node")).to.equal(own);
  });

  for (const [version, chosen] of [
    ["22.18.0", "/usr/bin/node"],
    ["24.0.0", "/usr/bin/node"],
    ["22.17.9", undefined],
    ["16.20.2", undefined],
  ] as const) {
    it(`without npm's Node ${chosen === undefined ? "refuses" : "takes"} Node ${version}`, () => {
      expect(chooseNode(folder, version, "/usr/bin/node")).to.equal(chosen);
    });
  }
});
