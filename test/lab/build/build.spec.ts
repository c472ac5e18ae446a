import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";
import { Listr } from "listr2";

import type { Part } from "../../../lab/build/part.ts";
import { buildTasks, removeGoCaches } from "../../../lab/build/build.ts";
import { assertRoom } from "../../../lab/build/estimate.ts";
import { buildError } from "../../../lab/build/failure.ts";
import { PartStore } from "../../../lab/build/store.ts";
import { UserError } from "../../../messages/errors.ts";
import { part } from "./given.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "provenet-build-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const failure = (script: string, program = "sh") =>
  execa(program, ["-c", script]).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the error of a failed build", () => {
  const errorOf = async (name: string, script: string, program = "sh") => {
    const error = buildError(name, await failure(script, program));
    if (!(error instanceof UserError)) throw error;
    return error;
  };

  it("shows the last lines of the program, and says that finished parts are kept", async () => {
    const error = await errorOf("pulumi", "echo 'undefined: x' >&2; exit 2");
    expect(error.message).to.equal("pulumi could not be built: sh ended with 2\n  undefined: x");
    expect(error.fix).to.match(/^run the command again; finished parts are kept/);
  });

  describe("of go", () => {
    const { PATH } = process.env;
    beforeEach(async () => {
      await symlink("/bin/sh", join(cache, "go"));
      process.env.PATH = `${cache}:${PATH ?? ""}`;
    });
    afterEach(() => {
      process.env.PATH = PATH;
    });
    const complaint = (text: string) =>
      `echo a.example/b >&2; echo '# a.example/c' >&2; echo '${text}' >&2; seq 1 30 >&2; exit 1`;

    it("shows its complaint, and not the packages that it compiled afterwards", async () => {
      const { message } = await errorOf("calico", complaint("c.go:1: undefined: x"), "go");
      const shown = message.split("\n").slice(1);
      expect(shown).to.have.length(12);
      expect(shown.slice(0, 3)).to.deep.equal(["  # a.example/c", "  c.go:1: undefined: x", "  1"]);
    });

    it("names the full disk, which it complains about early", async () => {
      const error = await errorOf("calico", complaint("write: no space left on device"), "go");
      expect(error.fix).to.match(/the disk is full/);
    });
  });

  it("shows the last lines of another program, whatever it prints before", async () => {
    const error = await errorOf("node-root", "echo '# warning' >&2; seq 1 30 >&2; exit 1");
    expect(error.message).to.match(/ended with 1\n {2}19\n/);
  });

  for (const line of [
    "dial tcp: lookup x.invalid: no such host",
    "net/http: TLS handshake timeout",
    "Temporary failure resolving 'x.invalid'",
    "Could not resolve 'x.invalid'",
  ]) {
    it(`names the registry after ${JSON.stringify(line)}`, async () => {
      const error = await errorOf("etcd", `echo "${line}" >&2; exit 1`);
      expect(error.fix).to.match(/a package registry does not answer/);
    });
  }

  it("names the full disk", async () => {
    const error = await errorOf("x", "echo 'write: no space left on device' >&2; exit 1");
    expect(error.fix).to.match(/the disk is full/);
  });

  it("is the original error when no program failed", () => {
    const bug = new Error("a bug");
    expect(buildError("x", bug)).to.equal(bug);
  });
});

describe("the room for a build", () => {
  it("is enough for a small part", async () => {
    await assertRoom(cache, [part("small")]);
  });

  it("is refused with the free and the needed space", async () => {
    const outcome = await assertRoom(cache, [part("huge", { megabytes: 1e9 })]).catch(
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(UserError);
    expect(String(outcome)).to.match(/has \d+\.\d GB free and the build needs 1000000\.0 GB/);
  });
});

describe("the tasks of a build", () => {
  const run = async (table: readonly Part[], names: readonly string[]) => {
    const store = new PartStore(cache, table);
    const tasks = buildTasks(store, store.missing(names), { signal: new AbortController().signal });
    await new Listr(tasks, { renderer: "silent", concurrent: false }).run();
    return store;
  };

  it("build each part after those that it needs, across lanes", async () => {
    const order: string[] = [];
    const noted = (name: string, changes: Partial<Part>) =>
      part(name, {
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

  it("download the next part of a lane during a build, and go on when that fails", async () => {
    const { promise: downloaded, resolve } = Promise.withResolvers<undefined>();
    const download = () => {
      resolve(undefined);
      return Promise.reject(new Error("no answer"));
    };
    const store = await run(
      [
        part("first", { kind: "go program", build: () => downloaded }),
        part("second", { kind: "go program", download }),
      ],
      ["first", "second"],
    );
    expect(store.has("second")).to.equal(true);
  });

  it("stop the download for the next part when a build fails", async () => {
    let stopped = false;
    const download = (_: string, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          stopped = true;
          reject(new Error("aborted"));
        });
      });
    const outcome = await run(
      [
        part("bad", { kind: "go program", build: () => Promise.reject(new Error("no")) }),
        part("next", { kind: "go program", download }),
      ],
      ["bad", "next"],
    ).catch((error: unknown) => error);
    expect(String(outcome)).to.contain("no");
    expect(stopped).to.equal(true);
  });

  it("stop at the first failure and keep finished parts", async () => {
    const table = [
      part("good", { kind: "go program" }),
      part("bad", {
        kind: "debian root",
        needs: ["good"],
        build: () => Promise.reject(new Error("no")),
      }),
      part("image", { kind: "image", needs: ["bad"] }),
    ];
    const outcome = await run(table, ["image"]).catch((error: unknown) => error);
    expect(String(outcome)).to.contain("no");
    const store = new PartStore(cache, table);
    expect(store.has("good")).to.equal(true);
    expect(store.has("image")).to.equal(false);
  });
});

describe("the space of a build", () => {
  const go = () => join(cache, "go");
  const archive = () =>
    join(go(), "mod", "cache", "download", "example.com", "m", "@v", "v1.0.0.zip");
  const seen: Record<string, boolean> = {};
  const look = (when: string) => () => {
    seen[`archive ${when}`] = existsSync(archive());
    seen[`caches ${when}`] = existsSync(go());
    return Promise.resolve();
  };
  const table = [
    part("program", {
      kind: "go program",
      build: async () => {
        await mkdir(dirname(archive()), { recursive: true });
        await writeFile(archive(), "");
        await writeFile(archive().replace(/zip$/, "ziphash"), "");
      },
    }),
    part("next", { kind: "files", build: look("before the next program") }),
    part("image", { kind: "image", needs: ["program"], build: look("before an image") }),
  ];
  const build = (keepGoCaches: boolean) => {
    const store = new PartStore(cache, table);
    const signal = new AbortController().signal;
    const tasks = buildTasks(store, store.missing(["next", "image"]), { signal, keepGoCaches });
    return new Listr(tasks, { renderer: "silent", concurrent: false }).run();
  };

  it("has no archive of an unpacked module, and no Go caches while images are packed", async () => {
    await build(false);
    expect(seen).to.deep.equal({
      "archive before the next program": false,
      "caches before the next program": true,
      "archive before an image": false,
      "caches before an image": false,
    });
  });

  it("has them all when the next build is to find them", async () => {
    await build(true);
    expect(Object.values(seen)).to.deep.equal([true, true, true, true]);
    expect(existsSync(archive().replace(/zip$/, "ziphash"))).to.equal(true);
  });
});

describe("Go's caches", () => {
  const building = (processId: number) => join(cache, "parts", `.building-${processId}-one`);
  const cases = [
    { title: "are removed after a build", id: process.pid, kept: false },
    { title: "stay while another process builds", id: process.ppid, kept: true },
    { title: "are removed when that process is gone", id: 999999999, kept: false },
  ];
  for (const { title, id, kept } of cases) {
    it(title, async () => {
      await mkdir(building(id), { recursive: true });
      await mkdir(join(cache, "go"));
      await removeGoCaches(new PartStore(cache, []));
      expect(existsSync(join(cache, "go"))).to.equal(kept);
    });
  }
});
