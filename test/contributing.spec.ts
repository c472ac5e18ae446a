import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { execa } from "execa";

const root = fileURLToPath(new URL("..", import.meta.url));

/** One block of the walkthrough: the content of a new file, or the change of an existing one. */
interface Step {
  readonly file: string;
  readonly kind: "create" | "edit";
  readonly text: string;
}

/** The blocks of the section, each with the file that the text before it names. */
function stepsOf(page: string): Step[] {
  const [, section = ""] = page.split(/^## Add an application$/m);
  const [walkthrough = ""] = section.split(/^## /m);
  let file = "";
  return [
    ...walkthrough.matchAll(/^\*\*.*?(?:Create|Edit) `([^`]+)`|^```(\w+)\n([^]*?)^```$/gm),
  ].flatMap(([, named, language, text = ""]): Step[] => {
    file = named ?? file;
    if (language === "ts") return [{ file, kind: "create", text }];
    return language === "diff" ? [{ file, kind: "edit", text }] : [];
  });
}

/** The text with the lines of a change replaced. They must occur exactly once. */
function applied(text: string, { file, text: change }: Step): string {
  const lines = change.trimEnd().split("\n");
  const side = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const parts = text.split(side("+"));
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places for:\n${change}`);
  return parts.join(side("-"));
}

const steps = stepsOf(readFileSync(join(root, "CONTRIBUTING.md"), "utf8"));

describe("the walkthrough in CONTRIBUTING.md", () => {
  const copy = mkdtempSync(join(tmpdir(), "provenet-walkthrough-"));

  before(function () {
    this.timeout(60_000);
    const omitted = new Set([".git", ".provenet", "node_modules"]);
    const filter = (path: string) => !omitted.has(relative(root, path).split(sep)[0] ?? "");
    cpSync(root, copy, { recursive: true, filter });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const step of steps) {
      const path = join(copy, step.file);
      mkdirSync(dirname(path), { recursive: true });
      const text = step.kind === "create" ? step.text : applied(readFileSync(path, "utf8"), step);
      writeFileSync(path, text, { flag: step.kind === "create" ? "wx" : "w" });
    }
  });
  after(() => {
    rmSync(copy, { recursive: true });
  });

  const run = (...args: string[]) =>
    execa(process.execPath, args, { cwd: copy, reject: false, all: true });

  it("changes five files", () => {
    expect([...new Set(steps.map(({ file }) => file))]).to.have.length(5);
  });

  it("adds the application and its endpoint to the program", async () => {
    const script = `
      import { recordProgram } from "./test/support/program.ts";
      const { resources, result } = await recordProgram("dev");
      console.log(JSON.stringify({ resources: resources.map(({ type, name }) => type + " " + name), ...result }));
    `;
    const { stdout, stderr } = await run("--input-type=module", "--eval", script);
    expect(stderr).to.equal("");
    const { resources, urls, requests } = JSON.parse(stdout) as {
      resources: string[];
      urls: Record<string, string>;
      requests: { name: string }[];
    };
    expect(resources).to.include.members([
      "provenet:apps:Echo echo",
      "kubernetes:core/v1:Service echo-load-balancer",
    ]);
    expect(urls).to.include({ echo: "http://192.0.2.8/" });
    expect(requests.map(({ name }) => name)).to.include("echo");
  }).timeout(120_000);

  it("has a test that passes", async () => {
    const spec = steps.find(({ file }) => file.endsWith(".spec.ts"))?.file ?? "";
    const mocha = "node_modules/mocha/bin/mocha.js";
    const { exitCode, all } = await run(mocha, "--no-config", "--timeout", "60000", spec);
    expect(exitCode, all).to.equal(0);
    expect(all).to.contain("2 passing");
  }).timeout(120_000);

  it("has types", async () => {
    const files = steps.map(({ file }) => file).filter((file) => file.endsWith(".ts"));
    const settings = { extends: "./tsconfig.json", include: [], files };
    writeFileSync(join(copy, "tsconfig.walkthrough.json"), JSON.stringify(settings));
    const { exitCode, all } = await run(
      "node_modules/typescript/bin/tsc",
      "--project",
      "tsconfig.walkthrough.json",
    );
    expect(exitCode, all).to.equal(0);
  }).timeout(240_000);
});
