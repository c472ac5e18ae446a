import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import {
  codeLines,
  kindOf,
  kinds,
  modulesOf,
  sharedLines,
  sharesOf,
} from "../../../cli/bench/sharedLines.ts";
import { projectRoot } from "../../../cli/stack/project.ts";

describe("the lines that all kinds of cluster share", () => {
  it("are those with code", () => {
    expect(codeLines("/** Not\n * these. */\nconst a = 1;\n\n// nor this\nb();\n")).to.equal(2);
  });

  it("are counted in the modules that the program imports, and not for types alone", () => {
    const root = mkdtempSync(join(tmpdir(), "provenet-lines-"));
    mkdirSync(join(root, "gke"));
    const write = (file: string, text: string) => {
      writeFileSync(join(root, file), text);
    };
    write(
      "index.ts",
      'import { a } from "./gke/a.ts";\nimport type { B } from "./b.ts";\nimport {\n  type C,\n  c,\n} from "./c.ts";\n',
    );
    write("gke/a.ts", 'export { c as a } from "../c.ts";\n');
    write("b.ts", "b();\n");
    write("c.ts", "c();\nd();\n");
    expect(modulesOf("index.ts", root)).to.have.deep.members([
      { path: "index.ts", lines: 6 },
      { path: join("gke", "a.ts"), lines: 1 },
      { path: "c.ts", lines: 2 },
    ]);
    rmSync(root, { recursive: true });
  });

  it("are not those of a module whose path names a kind", () => {
    expect(kindOf("components/cluster/gke/nodeAccount.ts")).to.equal("gke");
    expect(kindOf("components/config/checks/gke.ts")).to.equal("gke");
    expect(kindOf("components/cluster/existing/existingCluster.ts")).to.equal("existing");
    expect(kindOf("components/network/network.ts")).to.equal(undefined);
    expect(kindOf("components/existingThings.ts")).to.equal("existing");
  });

  it("are divided by those that a kind uses: the shared ones and its own", () => {
    const modules = [
      { path: "shared.ts", lines: 90 },
      { path: "gke/a.ts", lines: 10 },
      { path: "minikube/a.ts", lines: 30 },
    ];
    expect(sharesOf(modules)).to.deep.equal({ minikube: 0.75, existing: 1, gke: 0.9 });
  });

  it("are all lines after config and cluster: no later stage has a kind's own module", () => {
    const later = modulesOf("index.ts", projectRoot).filter(({ path }) =>
      /^(?:index|components\/(?:network|apps|verification|kubernetes|shared))/.test(path),
    );
    expect(later).to.have.length.above(20);
    for (const { path } of later) expect(kindOf(path), path).to.equal(undefined);
  });

  it("are reported with each kind's share, and what was counted", () => {
    const { text } = sharedLines();
    for (const kind of kinds) expect(text).to.match(new RegExp(`${kind} \\d+\\.\\d %`));
    expect(text).to.match(/path names the kind/);
  });
});
