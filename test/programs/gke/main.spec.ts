import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";

import { gkeFileSchema } from "../../../programs/gke/request.ts";

const program = join(import.meta.dirname, "../../../programs/gke/main.ts");

describe("the gke program", () => {
  const directory = mkdtempSync(join(tmpdir(), "provenet-gke-"));
  after(() => {
    rmSync(directory, { recursive: true });
  });

  const context = "gke_my-project_europe-west1_provenet";
  const write = (input: string) =>
    execa(process.execPath, [program, "write"], {
      cwd: directory,
      input,
      env: { PROVENET_GKE: context, PROVENET_LAB: "trial" },
    });

  it("writes the kubeconfig of stdin for its owner only, again on each run", async () => {
    for (const text of ["one: 1\n", "two: 2\n"]) {
      const { stdout } = await write(text);
      const { path } = gkeFileSchema.parse(JSON.parse(stdout));
      expect(path).to.equal(`.provenet/trial/kubeconfig-${context}`);
      expect(readFileSync(join(directory, path), "utf8")).to.equal(text);
      expect(statSync(join(directory, path)).mode & 0o777).to.equal(0o600);
    }
  });
});
