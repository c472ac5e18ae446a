import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import path from "node:path";

import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";

import { EngineStack } from "../../cli/stack/engineStack.ts";
import { readState } from "../../cli/stack/state.ts";
import { UserError } from "../../messages/errors.ts";
import { Workplace } from "./support/stack.ts";
import { findTools } from "./support/tools.ts";

const urn = "urn:pulumi:dev::provenet::pulumi:pulumi:Stack::provenet-dev";
const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: '"hush"',
};

describe("a stack through the Automation API", function () {
  // Each step starts the engine several times.
  this.timeout(300_000);
  let workplace: Workplace;
  let stack: EngineStack;
  let folder: string;
  let backend: string;
  const lines: string[] = [];

  before(async () => {
    workplace = await Workplace.open(findTools());
    folder = path.join(workplace.directory, "workspace");
    backend = path.join(workplace.directory, "own-backend");
    const inherited = Object.entries(workplace.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    stack = new EngineStack({
      ...{ name: "dev", directory: folder, backend, tell: (line) => lines.push(line) },
      variables: { ...Object.fromEntries(inherited), PULUMI_BACKEND_URL: `file://${backend}` },
      around: { stackName: "dev", passphraseFile: "passphrase" },
    });
  });

  after(async () => {
    await workplace.close();
  });

  /** Puts the lock of a process into the backend, as a killed engine leaves it. */
  async function lock(pid: number): Promise<void> {
    const locks = path.join(backend, ".pulumi/locks/organization/provenet/dev");
    const holder = { pid, username: userInfo().username, hostname: hostname() };
    await mkdir(locks, { recursive: true });
    const text = JSON.stringify({ ...holder, timestamp: new Date().toISOString() });
    await writeFile(path.join(locks, "lock.json"), text);
  }

  async function exported(): Promise<Deployment> {
    const deployment = await stack.export();
    if (deployment === undefined) throw new Error("the stack does not exist");
    return deployment;
  }

  it("does not exist at first, and nothing is created to find out", async () => {
    expect(await stack.exists()).to.equal(false);
    expect(await stack.outputs()).to.equal(undefined);
    expect(existsSync(backend)).to.equal(false);
  });

  it("keeps the salt of its secrets in its own folder", async () => {
    await stack.create();
    expect(await stack.exists()).to.equal(true);
    expect(existsSync(stack.configFile)).to.equal(true);
    expect(readState(await exported()).salt).to.match(/^v1:/);
  });

  it("releases the lock of a process that is gone, and leaves no clear text behind", async () => {
    const deployment = await exported();
    const resource = { urn, custom: false, type: "pulumi:pulumi:Stack" };
    const resources = [{ ...resource, outputs: { open: 1, secret } }];
    await lock(999_999_999);
    const content = { ...(deployment.deployment as object), resources };
    await stack.import({ ...deployment, deployment: content });
    expect(lines).to.deep.equal(["an earlier run was killed: its lock on the state is released"]);
    expect((await readdir(folder)).sort()).to.deep.equal(["Pulumi.dev.yaml", "Pulumi.yaml"]);
  });

  it("returns its outputs, its secrets and its size", async () => {
    expect(await stack.outputs()).to.deep.equal({ open: 1, secret: "hush" });
    expect([...(await stack.sizes())]).to.deep.equal([["dev", 1]]);
  });

  it("is not changed while another engine holds its lock", async () => {
    const holder = spawn("sh", ["-c", "sleep 60; : pulumi"], { detached: true });
    await lock(holder.pid ?? 0);
    const error = await stack.import(await exported()).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UserError).with.property("message").that.contains("holds dev");
    process.kill(-(holder.pid ?? 0), "SIGKILL");
  });

  it("is gone after its removal, together with its stack file", async () => {
    await lock(999_999_999);
    await stack.remove();
    expect(await stack.exists()).to.equal(false);
    expect(existsSync(stack.configFile)).to.equal(false);
  });
});
