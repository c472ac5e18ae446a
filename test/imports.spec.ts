import { execa } from "execa";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

const root = fileURLToPath(new URL("..", import.meta.url));
const cruiser = join(root, "node_modules/.bin/depcruise");

/** An import of a folder's module, and the rule that refuses it; undefined where it is allowed. */
const imports: readonly (readonly [from: string, to: string, rule?: string])[] = [
  ["messages/a.ts", "net/target.ts", "imports-of-messages"],
  ["net/a.ts", "messages/target.ts"],
  ["net/b.ts", "kube/target.ts", "imports-of-net"],
  ["kube/a.ts", "net/target.ts"],
  ["kube/b.ts", "probe/target.ts", "imports-of-kube"],
  ["programs/route/a.ts", "kube/target.ts"],
  ["programs/route/b.ts", "probe/target.ts", "imports-of-programs"],
  ["programs/route/c.ts", "components/config/read.ts", "imports-of-programs"],
  ["probe/a.ts", "kube/target.ts"],
  ["probe/b.ts", "programs/route/request.ts", "imports-of-probe"],
  ["components/config/a.ts", "components/shared/target.ts"],
  ["components/config/b.ts", "components/cluster/target.ts", "imports-of-components-config"],
  ["components/cluster/a.ts", "components/config/schema.ts"],
  ["components/cluster/b.ts", "components/network/target.ts", "imports-of-components-cluster"],
  ["components/network/a.ts", "programs/route/request.ts"],
  ["components/network/b.ts", "programs/route/target.ts", "imports-of-components-network"],
  ["components/network/c.ts", "components/apps/target.ts", "imports-of-components-network"],
  ["components/network/d.ts", "lab/target.ts", "imports-of-components-network"],
  ["components/apps/a.ts", "components/network/target.ts"],
  ["components/apps/b.ts", "components/verification/outputs.ts", "imports-of-components-apps"],
  ["components/verification/a.ts", "probe/verdict.ts"],
  ["components/verification/b.ts", "probe/target.ts", "imports-of-components-verification"],
  ["components/verification/c.ts", "policies/target.ts", "imports-of-components-verification"],
  ["components/shared/a.ts", "components/config/schema.ts", "imports-of-components-shared"],
  ["components/kubernetes/a.ts", "components/shared/target.ts"],
  [
    "components/kubernetes/b.ts",
    "components/network/target.ts",
    "imports-of-components-kubernetes",
  ],
  ["policies/a.ts", "kube/target.ts"],
  ["policies/b.ts", "components/network/target.ts", "imports-of-policies"],
  ["stand-ins/kit/a.ts", "kube/selector.ts"],
  ["stand-ins/kit/b.ts", "kube/target.ts", "imports-of-stand-ins"],
  ["lab/a.ts", "stand-ins/install.ts"],
  ["lab/b.ts", "stand-ins/kit/target.ts", "imports-of-lab"],
  ["lab/c.ts", "cli/target.ts", "imports-of-lab"],
  ["cli/a.ts", "components/verification/outputs.ts"],
  ["cli/b.ts", "components/verification/target.ts", "imports-of-cli"],
  ["cli/c.ts", "test/target.ts", "imports-of-cli"],
  ["cli/d.ts", "test/target.ts", "no-import-of-tests"],
  ["elsewhere/a.ts", "messages/target.ts", "every-folder-has-a-row"],
  ["probe/one.ts", "probe/two.ts", "no-ring"],
  ["programs/left/a.ts", "programs/right/target.ts", "no-ring-of-folders"],
  ["programs/right/a.ts", "programs/left/target.ts", "no-ring-of-folders"],
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

async function violationsIn(directory: string): Promise<Violation[]> {
  const config = join(root, ".dependency-cruiser.mjs");
  const args = [cruiser, ".", "--config", config, "--output-type", "json"];
  const { stdout } = await execa(process.execPath, args, { cwd: directory, reject: false });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe("the import rules", () => {
  const tree = mkdtempSync(join(tmpdir(), "provenet-imports-"));
  let violations: Violation[] = [];

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };

  before(async function () {
    this.timeout(120_000);
    for (const [, to] of imports) write(to, "export type T = string;\n");
    for (const [from, to] of imports) {
      const path = relative(dirname(from), to);
      const specifier = path.startsWith(".") ? path : `./${path}`;
      write(from, `import type { T } from "${specifier}";\nexport type U = T;\n`);
    }
    write("probe/two.ts", 'import type { U } from "./one.ts";\nexport type T = U;\n');
    write("index.ts", 'import "./components/used.ts";\n');
    write("components/used.ts", "export const used = 1;\n");
    violations = await violationsIn(tree);
  });
  after(() => {
    rmSync(tree, { recursive: true });
  });

  const rulesAgainst = (file: string) =>
    violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  for (const [from, to, rule] of imports) {
    it(`${rule === undefined ? "allow" : "refuse"} ${from} → ${to}`, () => {
      const broken = rulesAgainst(rule === "no-ring-of-folders" ? dirname(from) : from);
      if (rule === undefined) expect(broken).to.deep.equal(["no-orphan"]);
      else expect(broken).to.include(rule);
    });
  }

  it("refuse Pulumi's SDK in what runs without an engine", async () => {
    const other = mkdtempSync(join(tmpdir(), "provenet-imports-"));
    mkdirSync(join(other, "net"));
    writeFileSync(join(other, "net", "a.ts"), 'import "@pulumi/pulumi";\n');
    mkdirSync(join(other, "node_modules/@pulumi/pulumi"), { recursive: true });
    writeFileSync(join(other, "node_modules/@pulumi/pulumi/package.json"), '{"main":"index.js"}');
    writeFileSync(join(other, "node_modules/@pulumi/pulumi/index.js"), "");
    const found = await violationsIn(other);
    rmSync(other, { recursive: true });
    expect(found.map(({ rule }) => rule.name)).to.include("no-pulumi-below-components");
  });

  it("are in the table of docs/architecture.md", async () => {
    const config = join(root, ".dependency-cruiser.mjs");
    const { rows } = (await import(config)) as { rows: [folder: string, allowed: string[]][] };
    const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
    const table = [...page.matchAll(/^\| `([\w-]+)[^`]*` +\|[^|]*\| ([^|]+) \|$/gm)];
    const documented = new Map(table.map(([, folder = "", cell = ""]) => [folder, cell]));

    const nameOf = (pattern: string) => /[a-z-]{3,}/.exec(pattern)?.[0] ?? pattern;
    const missing = rows.flatMap(([folder, allowed]) => {
      const cell = documented.get(nameOf(folder)) ?? "";
      const imported = cell.startsWith("everything") ? [] : allowed.map(nameOf);
      return imported
        .filter((name) => name !== nameOf(folder) && !cell.includes(`\`${name}\``))
        .map((name) => `${folder} imports ${name}`);
    });
    expect(missing).to.deep.equal([]);
    expect([...documented.keys()]).to.include.members(rows.map(([folder]) => nameOf(folder)));
  });

  it("refuse a module that nothing uses", () => {
    expect(rulesAgainst("kube/a.ts")).to.deep.equal(["no-orphan"]);
    expect(rulesAgainst("components/used.ts")).to.deep.equal([]);
  });
});
