import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { forgetCluster, sweepCluster } from "../../../cli/stack/sweepCluster.ts";
import { UserError } from "../../../messages/errors.ts";

describe("a cluster that no state records", () => {
  const before = { directory: process.cwd(), lab: process.env.PROVENET_LAB };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provenet-sweep-"));
    delete process.env.PROVENET_LAB;
    process.chdir(folder);
    mkdirSync(".provenet/provenet", { recursive: true });
  });
  afterEach(() => {
    process.chdir(before.directory);
    if (before.lab !== undefined) process.env.PROVENET_LAB = before.lab;
    rmSync(folder, { recursive: true });
  });

  const markAs = (state: string) => {
    const marker = JSON.stringify({ profile: "mine", state });
    writeFileSync(".provenet/provenet/cluster-mine.json", marker);
  };
  const file = (cluster: object) => ({ config: { "provenet:cluster": cluster } });
  const minikube = file({ kind: "minikube", profile: "mine", driver: "docker", nodes: 2 });

  /** Sweeps with a cluster program that runs this line of shell. */
  const sweep = (script: string, given = minikube, isUp = true) => {
    const call = `#!/bin/sh\necho "$2 $PROVENET_CLUSTER" > ${folder}/call\n${script}\n`;
    writeFileSync(join(folder, "node"), call);
    chmodSync(join(folder, "node"), 0o755);
    const variables = () => ({ PATH: `${folder}:/usr/bin:/bin` });
    const workplace = { enter: () => [], variables, isUp: () => isUp, inLab: true };
    return sweepCluster({ stackName: "dev", workplace }, given);
  };
  const deletes = `echo '{"schemaVersion":1,"profile":"mine","deleted":true}'`;

  for (const state of ["making", "made"]) {
    it(`is deleted when it is ${state}`, async () => {
      markAs(state);
      expect(await sweep(deletes)).to.equal(true);
      expect(readFileSync("call", "utf8").trim()).to.equal(
        'sweep {"profile":"mine","driver":"docker"}',
      );
    });
  }

  it("is nothing that this project made, without a marker", async () => {
    expect(await sweep(deletes)).to.equal(true);
    expect(existsSync("call")).to.equal(false);
  });

  it("is not looked for where the stack has another kind of cluster", async () => {
    markAs("made");
    await sweep(deletes, file({ kind: "existing", profile: "mine", driver: "docker" }));
    expect(existsSync("call")).to.equal(false);
  });

  it("is forgotten with its stack, and nothing is deleted", () => {
    markAs("made");
    forgetCluster(minikube);
    expect(existsSync(".provenet/provenet/cluster-mine.json")).to.equal(false);
    expect(existsSync("call")).to.equal(false);
  });

  it("is left to the lab's removal when the lab does not run", async () => {
    markAs("making");
    expect(await sweep(deletes, minikube, false)).to.equal(false);
  });

  it("keeps the stack from being called down while a node is left", async () => {
    markAs("making");
    let error: unknown;
    try {
      await sweep(`printf 'error: m02 exists\\nFix: delete it\\n' >&2; exit 1`);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.equal("the cluster program failed: m02 exists");
    expect((error as UserError).fix).to.match(
      /^delete it\. If the cluster is lost, run `npm run down/,
    );
  });
});
