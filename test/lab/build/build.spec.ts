import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";
import { Listr } from "listr2";

import type { Artefact } from "../../../lab/build/artefact.ts";
import { assertRoom, buildFault, buildTasks } from "../../../lab/build/build.ts";
import { ArtefactStore } from "../../../lab/build/store.ts";
import { LabFault } from "../../../lab/fault.ts";
import { artefact } from "./given.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "provenet-build-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const failure = (script: string) =>
  execa("sh", ["-c", script]).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a build that fails", () => {
  it("tells the last lines of the program and that what is built stays", async () => {
    const fault = buildFault("pulumi", await failure("echo 'undefined: x' >&2; exit 2"));
    expect(fault).to.be.instanceOf(LabFault);
    expect(fault.message).to.match(
      /^pulumi could not be built: sh ended with 2\.\n {2}undefined: x\nRun this again/,
    );
  });

  for (const line of [
    "dial tcp: lookup x.invalid: no such host",
    "net/http: TLS handshake timeout",
    "Temporary failure resolving 'x.invalid'",
    "Could not resolve 'x.invalid'",
  ]) {
    it(`says that a registry does not answer to ${JSON.stringify(line)}`, async () => {
      const fault = buildFault("etcd", await failure(`echo "${line}" >&2; exit 1`));
      expect(fault.message).to.match(/A package registry does not answer/);
    });
  }

  it("says so when the disk is full", async () => {
    const fault = buildFault(
      "x",
      await failure("echo 'write: no space left on device' >&2; exit 1"),
    );
    expect(fault.message).to.match(/The disk is full/);
  });

  it("is passed on as it is when it is a fault of ours", () => {
    const bug = new Error("a bug");
    expect(buildFault("x", bug)).to.equal(bug);
  });
});

describe("the room for a build", () => {
  it("is enough for little", async () => {
    await assertRoom(cache, [artefact("small")]);
  });

  it("is refused with what is free and what is needed", async () => {
    const outcome = await assertRoom(cache, [artefact("huge", { megabytes: 1e9 })]).catch(
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(LabFault);
    expect(String(outcome)).to.match(/has \d+\.\d GB free and the build needs 1000000\.0 GB/);
  });
});

describe("the tasks of a build", () => {
  const run = async (table: readonly Artefact[], names: readonly string[]) => {
    const store = new ArtefactStore(cache, table);
    const tasks = buildTasks(store, store.missing(names), new AbortController().signal);
    await new Listr(tasks, { renderer: "silent", concurrent: false }).run();
    return store;
  };

  it("build what is needed before what needs it, over all lanes", async () => {
    const order: string[] = [];
    const noted = (name: string, changes: Partial<Artefact>) =>
      artefact(name, {
        ...changes,
        build: () => {
          order.push(name);
          return Promise.resolve();
        },
      });
    const store = await run(
      [
        noted("program", { kind: "go program" }),
        noted("root", { kind: "debian root", needs: ["program"] }),
        noted("image", { kind: "image", needs: ["root", "program"] }),
        noted("preload", { kind: "preload", needs: ["image"] }),
      ],
      ["preload"],
    );
    expect(order).to.deep.equal(["program", "root", "image", "preload"]);
    expect(store.has("preload")).to.equal(true);
  });

  it("stop at the first that fails, and keep what was built before", async () => {
    const table = [
      artefact("good", { kind: "go program" }),
      artefact("bad", {
        kind: "debian root",
        needs: ["good"],
        build: () => Promise.reject(new Error("no")),
      }),
      artefact("image", { kind: "image", needs: ["bad"] }),
    ];
    const outcome = await run(table, ["image"]).catch((error: unknown) => error);
    expect(String(outcome)).to.contain("no");
    const store = new ArtefactStore(cache, table);
    expect(store.has("good")).to.equal(true);
    expect(store.has("image")).to.equal(false);
  });
});
