import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { requiredPlugins } from "../../../stand-ins/language-host/packages.ts";

describe("the plugins that a program's packages require", () => {
  let root: string;

  async function installed(name: string, manifest: object, under = "."): Promise<void> {
    const folder = path.join(root, under, "node_modules", name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ name, ...manifest }));
  }

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "packages-"));
    const pulumi = { resource: true };
    await installed("@pulumi/kubernetes", { version: "v4.34.2", pulumi });
    await installed("@pulumi/command", {
      version: "1.2.1",
      pulumi: { ...pulumi, name: "command" },
    });
    await installed("@pulumi/gcp", { version: "9.0.0", pulumi });
    await installed("left-pad", { version: "1.0.0" });
    await installed("@pulumi/command", { version: "1.0.0", pulumi }, "inner");
    await mkdir(path.join(root, "node_modules", ".bin"));
    for (const plugin of ["kubernetes-v4.34.2", "command-v1.2.1", "command-v1.0.0"]) {
      await mkdir(path.join(root, "plugins", `resource-${plugin}`), { recursive: true });
    }
  });

  after(async () => {
    await rm(root, { recursive: true });
  });

  it("are the installed plugins of all packages", () => {
    expect(requiredPlugins(root, path.join(root, "plugins"))).to.have.deep.members([
      { name: "kubernetes", version: "v4.34.2", server: "" },
      { name: "command", version: "v1.2.1", server: "" },
    ]);
  });

  it("come from the nearest package of a name", () => {
    const found = requiredPlugins(path.join(root, "inner"), path.join(root, "plugins"));
    expect(found.map(({ version }) => version)).to.have.members(["v4.34.2", "v1.0.0"]);
  });

  it("are none when no plugin is installed", () => {
    expect(requiredPlugins(root, path.join(root, "nowhere"))).to.deep.equal([]);
  });
});
