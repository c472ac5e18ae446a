import { expect } from "chai";

import { heldLock, locksIn, type Lock } from "../../../cli/stack/locks.ts";

const lock = (pid: number, host = "here"): Lock => ({
  ...{ owner: `ann@${host}`, pid, since: "2026-01-01T00:00:00Z" },
});

describe("the locks in an error message of the engine", () => {
  const message = [
    "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to",
    "end or delete the lock file with `pulumi cancel`.",
    "  file:///state/one.json: created by ann@here (pid 7) at 2026-01-01T00:00:00Z",
    "  file:///state/two.json: created by ann@there (pid 9) at 2026-01-01T00:00:00Z",
  ].join("\n");

  it("have an owner, a process and a time", () => {
    expect(locksIn(message)).to.deep.equal([lock(7), lock(9, "there")]);
  });

  it("are none in another message", () => {
    expect(locksIn("error: created by ann@here (pid 7) at noon")).to.deep.equal([]);
  });
});

describe("a lock", () => {
  it("is held while its process runs", () => {
    expect(heldLock([lock(7)], () => true, "here")).to.deep.equal(lock(7));
  });

  it("is not held after its process was killed", () => {
    expect(heldLock([lock(7)], () => false, "here")).to.equal(undefined);
  });

  it("is held when it is from another machine", () => {
    expect(heldLock([lock(7, "there")], () => false, "here")?.owner).to.equal("ann@there");
  });

  it("is not held by another program that reuses the process id", () => {
    // The parent process runs, but it is no engine.
    expect(heldLock([lock(process.ppid)], undefined, "here")).to.equal(undefined);
  });
});
