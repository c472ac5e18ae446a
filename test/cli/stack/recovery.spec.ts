import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import {
  heldLock,
  parseCheckpoint,
  readCheckpoint,
  readLocks,
  type Lock,
} from "../../../cli/stack/recovery.ts";

const lock = (pid: number, hostname = "here"): Lock => ({
  ...{ pid, hostname, username: "ann", timestamp: "2026-01-01T00:00:00Z" },
});

describe("locks in the state", () => {
  it("are held while their process lives", () => {
    expect(heldLock([lock(7)], () => true, "here")).to.deep.equal(lock(7));
  });

  it("are not held when their process was killed", () => {
    expect(heldLock([lock(7)], () => false, "here")).to.equal(undefined);
  });

  it("are held by another machine, whose processes nobody here sees", () => {
    expect(heldLock([lock(7, "there")], () => false, "here")?.hostname).to.equal("there");
  });

  it("are not held by a process that took the number of one that is gone", () => {
    // This process lives, but it is no engine.
    expect(heldLock([lock(process.ppid)], undefined, "here")).to.equal(undefined);
  });

  it("are read from the backend, a half-written one as nobody's", () => {
    const backend = mkdtempSync(join(tmpdir(), "provenet-locks-"));
    const folder = join(backend, ".pulumi/locks/organization/provenet/dev");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.json"), JSON.stringify(lock(7)));
    writeFileSync(join(folder, "b.json"), '{"pid": ');
    expect(readLocks(backend, "dev").map(({ pid }) => pid)).to.deep.equal([7, 0]);
    expect(heldLock(readLocks(backend, "dev"), () => false, "here")).to.equal(undefined);
    expect(readLocks(backend, "gke")).to.deep.equal([]);
    rmSync(backend, { recursive: true });
  });
});

describe("the checkpoint of a stack", () => {
  const text = JSON.stringify({
    checkpoint: {
      latest: {
        secrets_providers: { type: "passphrase", state: { salt: "v1:a" } },
        resources: [{ urn: "urn:a" }, { urn: "urn:b" }],
        pending_operations: [{ type: "creating", resource: { urn: "urn:c" } }],
      },
    },
  });

  it("names what had begun when the engine was killed", () => {
    expect(parseCheckpoint(text).pending).to.deep.equal(["urn:c"]);
  });

  it("names what is recorded, and the salt of its secrets", () => {
    expect(parseCheckpoint(text)).to.deep.include({ resources: ["urn:a", "urn:b"], salt: "v1:a" });
  });

  it("is empty for a stack that was never used", () => {
    expect(parseCheckpoint('{"checkpoint": {}}')).to.deep.equal({
      ...{ pending: [], resources: [], salt: undefined },
    });
  });

  it("is none where there is no stack", () => {
    expect(readCheckpoint(tmpdir(), "dev")).to.equal(undefined);
  });
});
