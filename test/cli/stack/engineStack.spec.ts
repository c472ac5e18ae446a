import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { EngineStack } from "../../../cli/stack/engineStack.ts";
import { UserError } from "../../../messages/errors.ts";
import { RecordedPulumi } from "../support/recordedPulumi.ts";

describe("the stack in a backend", function () {
  this.timeout(60_000);
  const { PATH } = process.env;
  let pulumi: RecordedPulumi;

  afterEach(() => {
    pulumi.remove();
    process.env.PATH = PATH;
  });

  function stackIn(backend?: string, more: { readonly projectFile?: string } = {}): EngineStack {
    return new EngineStack({
      ...{ name: "dev", backend, tell: () => undefined, ...more },
      directory: join(pulumi.directory, "workspace"),
      variables: pulumi.variables,
      around: { stackName: "dev", passphraseFile: "passphrase" },
    });
  }

  const deadLock =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to " +
    `end or delete the lock file with \`pulumi cancel\`.\n  file:///s: created by me@${hostname()} ` +
    "(pid 999999999) at 2026-01-01T00:00:00Z";

  it("keeps every lock in a shared backend, because its process may run elsewhere", async () => {
    pulumi = new RecordedPulumi();
    const error = await stackIn()
      .releaseDeadLocks(deadLock)
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UserError).with.property("message").that.contains("holds dev");
    expect(pulumi.runs()).to.deep.equal([]);
  });

  it("releases a dead lock in the project's own backend", async () => {
    pulumi = new RecordedPulumi();
    const stack = stackIn(join(pulumi.directory, "state"));
    expect(await stack.releaseDeadLocks(deadLock)).to.equal(true);
    expect(pulumi.runs().at(-1)).to.match(/^cancel --yes.* --stack dev/);
  });

  it("has its size also where the backend lists it with its organisation", async () => {
    const listed = [
      { name: "acme/dev", current: false, updateInProgress: false, resourceCount: 12 },
      { name: "other/dev", current: false, updateInProgress: false },
    ];
    pulumi = new RecordedPulumi(`"stack ls"*) echo '${JSON.stringify(listed)}' ;;`);
    expect([...(await stackIn().sizes())]).to.deep.equal([["dev", 12]]);
  });

  it("removes attributes that a killed engine truncated, because no engine can read their state", async () => {
    pulumi = new RecordedPulumi("'stack ls'*) echo '[]' ;;");
    const backend = join(pulumi.directory, "state");
    const stacks = join(backend, ".pulumi", "stacks", "provenet");
    mkdirSync(stacks, { recursive: true });
    const intact = '{"user.content_type":"text/plain"}';
    const files = { empty: "", half: intact.slice(0, 20), whole: intact };
    for (const [name, attributes] of Object.entries(files)) {
      writeFileSync(join(stacks, `${name}.json`), "");
      writeFileSync(join(stacks, `${name}.json.attrs`), attributes);
    }
    await stackIn(backend).sizes();
    expect(readdirSync(stacks).sort()).to.deep.equal([
      "empty.json",
      "half.json",
      "whole.json",
      "whole.json.attrs",
    ]);
  });

  it("removes the clear text of a killed import, and keeps that of a running one", async () => {
    pulumi = new RecordedPulumi("'stack ls'*) echo '[]' ;;");
    const workspace = join(pulumi.directory, "workspace");
    const { pid: dead } = spawnSync("true");
    const running = `import-${process.pid}-ab12CD`;
    for (const folder of [`import-${dead}-ab12CD`, "import-ab12CD", running]) {
      mkdirSync(join(workspace, folder), { recursive: true });
      writeFileSync(join(workspace, folder, "state.json"), "{}");
    }
    await stackIn().sizes();
    expect(readdirSync(workspace)).to.have.members(["Pulumi.yaml", running]);
  });

  for (const backend of [undefined, { url: "gs://states" }]) {
    const title = backend === undefined ? "no backend" : "the backend";
    it(`uses ${title} that the project's Pulumi.yaml names`, async () => {
      pulumi = new RecordedPulumi("'stack ls'*) echo '[]' ;;");
      const projectFile = join(pulumi.directory, "Pulumi.yaml");
      writeFileSync(projectFile, JSON.stringify({ name: "p", ...(backend && { backend }) }));
      await stackIn(undefined, { projectFile }).sizes();
      const text = readFileSync(join(pulumi.directory, "workspace", "Pulumi.yaml"), "utf8");
      const expected = { name: "provenet", runtime: "nodejs", ...(backend && { backend }) };
      expect(parse(text)).to.deep.equal(expected);
    });
  }
});
