import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { assertKnown, otherStacks } from "../../../cli/commands/down.ts";
import { statePaths } from "../../../cli/stack/project.ts";
import { readUpRecord, recordRemoved, recordUp } from "../../../cli/stack/upRecord.ts";
import { UserError } from "../../../messages/errors.ts";

describe("other stacks, while one goes down", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "provenet-down-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const others = (
    sizes: Record<string, number>,
    recorded: Record<string, boolean>,
    isInOwnBackend = true,
  ) => {
    const paths = statePaths("test", root);
    for (const [stackName, inLab] of Object.entries(recorded)) {
      recordUp({ paths, stackName, workplace: { inLab } });
    }
    const session = { stackName: "dev", paths, stack: { isInOwnBackend } };
    return otherStacks(session, new Map(Object.entries(sizes)));
  };

  it("are none when only this one has resources", () => {
    expect(others({ dev: 90, lab: 0 }, { dev: true })).to.deep.equal({ up: [], inLab: [] });
  });

  it("keep the lab when they have resources there, also without a stack file", () => {
    expect(others({ dev: 90, lab: 80, gone: 3 }, { dev: true, lab: true })).to.deep.equal({
      up: ["gone", "lab"],
      inLab: ["gone", "lab"],
    });
  });

  it("are up on the machine without keeping the lab", () => {
    expect(others({ mine: 40 }, { mine: false })).to.deep.equal({ up: ["mine"], inLab: [] });
  });

  it("do not count when they are only in a backend that others share", () => {
    expect(others({ theirs: 40 }, { mine: false }, false).up).to.deep.equal(["mine"]);
  });

  it("are up when the record has them and the backend is another one", () => {
    expect(others({}, { mine: false, lab: true })).to.deep.equal({
      up: ["lab", "mine"],
      inLab: ["lab"],
    });
  });
});

describe("a stack that this backend does not have", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "provenet-down-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const recorded = () => {
    const session = { stackName: "dev", paths: statePaths("test", root) };
    recordUp({ ...session, workplace: { inLab: true } });
    return session;
  };

  it("is not called down while it is recorded as up", () => {
    const session = recorded();
    expect(() => {
      assertKnown(session, undefined);
    }).to.throw(UserError, /^dev is up, but this backend has no such stack$/);
  });

  it("is down when nothing records it as up, and when it is there", () => {
    assertKnown({ stackName: "dev", paths: statePaths("test", root) }, undefined);
    assertKnown(recorded(), 0);
  });

  it("is down when an earlier down removed it and was killed before the lab ended", () => {
    const session = recorded();
    recordRemoved(session);
    assertKnown(session, undefined);
    expect(readUpRecord(session.paths.upRecord)).to.deep.equal({
      dev: { place: "lab", isRemoved: true },
    });
    recordUp({ ...session, workplace: { inLab: true } });
    expect(readUpRecord(session.paths.upRecord)).to.deep.equal({ dev: { place: "lab" } });
  });

  it("stays unrecorded when it is removed", () => {
    const session = { stackName: "dev", paths: statePaths("test", root) };
    recordRemoved(session);
    expect(readUpRecord(session.paths.upRecord)).to.deep.equal({});
  });
});
